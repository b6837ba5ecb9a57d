"""`python -m evidencebook` is the console script."""

from evidencebook.cli import main

main()
