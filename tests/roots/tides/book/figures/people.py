"""Who came to look."""

import altair as alt
import pandas as pd

from evidencebook import charts
from evidencebook.evidence import words
from figures import EVIDENCE


@charts.figure
def lookers(size: charts.Size) -> charts.Drawing:
    """Counted visitors and the most who came."""
    facts = [EVIDENCE.fact(name) for name in ("visitors-counted", "lookers")]
    rows = pd.DataFrame({"who": [f.fact_id for f in facts], "people": [float(f.quantity_interval.high) for f in facts]})
    rows[charts.FACTS] = rows["who"]
    rows["unused"] = "canary"
    chart = alt.Chart(rows).mark_point().encode(x="people:Q", y="who:N")
    table = pd.DataFrame({"Who": rows["who"], "People": [words(f) for f in facts]})
    alternative = f"Points: {words(facts[0])} and {words(facts[1])} people."
    return charts.Drawing(chart, alternative, table)
