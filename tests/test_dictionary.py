from __future__ import annotations

import copy

from evidencebook.tables import contract, dictionary
from tests.small import PACKAGE, Book


def rendered(book: Book) -> str:
    return dictionary.render(contract.load(book.root))


def test_every_column_of_every_table_has_a_row_with_its_meaning(book: Book) -> None:
    text = rendered(book)
    for resource in PACKAGE["resources"]:
        section = text.split(f"\n## {resource['name']}\n")[1].split("\n## ")[0]
        for field in resource["schema"]["fields"]:
            row = next(line for line in section.split("\n") if line.startswith(f"| `{field['name']}` |"))
            assert field["description"] in row


def test_constraints_types_and_keys_are_told(book: Book) -> None:
    text = rendered(book)
    assert "| `credibility` | integer | required; minimum 1; maximum 6 |" in text
    assert "| `modality` | string | required; one of `stated`, `hearsay` |" in text
    assert "| `when` | EDTF date |" in text
    assert "| `url` | string (uri) |" in text
    assert "Primary key: `claim_id`." in text
    assert "Foreign key: `part_of` points to `place_id` of [places](#places)." in text


def test_bars_and_markup_in_descriptions_do_not_break_the_table(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    note = next(one for one in package["resources"][3]["schema"]["fields"] if one["name"] == "name")
    note["description"] = "One | two <b>three</b>\nfour *five*"
    note["constraints"]["pattern"] = "rock|reef"
    book.write_package(package)
    row = next(line for line in rendered(book).split("\n") if line.startswith("| `name` |"))
    assert row == (
        r"| `name` | string | required; matches `rock\|reef` "
        r"| One \| two &lt;b&gt;three&lt;/b&gt; four \*five\* |"
    )


def test_same_contract_gives_the_same_text_wherever_it_lies(book: Book) -> None:
    first = rendered(book)
    moved = book.root.rename(book.root.with_name("elsewhere"))
    assert dictionary.render(contract.load(moved)) == first


def test_dictionary_is_stale_when_the_contract_changes_or_the_file_is_missing(book: Book) -> None:
    assert dictionary.is_current(book.root)
    path = book.root / contract.LABEL
    path.write_text(path.read_text("utf-8").replace("What note says", "What a note says"), "utf-8")
    assert not dictionary.is_current(book.root)
    (book.root / dictionary.LABEL).unlink()
    assert not dictionary.is_current(book.root)


def test_values_that_the_description_explains_become_a_list(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    note = next(one for one in package["resources"][3]["schema"]["fields"] if one["name"] == "name")
    note["constraints"]["enum"] = list("abcdef")
    note["description"] = f"What it is: {', '.join(f'{one} (the {one} kind)' for one in 'abcdef')}. Never empty."
    book.write_package(package)
    text = rendered(book)
    row = next(line for line in text.split("\n") if line.startswith("| `name` |"))
    assert row == "| `name` | string | required; one of those below | What it is. Never empty. |"
    assert "`name` is one of these:\n\n- `a`: the a kind\n- `b`: the b kind\n" in text
    note["description"] = note["description"].replace("f (the f kind)", "f")
    book.write_package(package)
    assert "is one of these" not in rendered(book), "a list says of each value what it means"
