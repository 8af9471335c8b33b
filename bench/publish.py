#!/usr/bin/env python3
"""Puts the figures of one run where readers look: README.md, docs/performance.md, the chart.

usage: publish.py RESULTS.json [FOLDER]

FOLDER is the project's, unless given. Refuses a run that was too disturbed. In both files it
replaces what stands between the two lines that say so, and nothing else.
"""

import pathlib
import sys

from chart import draw
from report import report, summary, usual_baseline
from results import BadInput, Results

BEGIN = "<!-- figures: bench/publish.py writes from here -->"
END = "<!-- figures: to here -->"


def replaced(path, lines):
    """The file's text with other lines between the two marks."""
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise BadInput(f"{path} needs one line '{BEGIN}', and after it '{END}'")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return before + "\n".join([BEGIN, "", *lines, "", END]) + after


def short(results, baseline):
    context = results.context
    ratio = f"; in brackets, relative to {baseline}" if baseline else ""
    yield from summary(results, baseline)
    yield ""
    yield (f"{context.get('cpu', '')} at {results.clock:.2f} GHz, latchkey "
           f"{context.get('version', '')} by {context.get('compiler', '')}, "
           f"{context.get('date', '')[:10]}{ratio}.")


def publish(results, folder):
    poor = [name for name, figure in results.figures.items() if not figure.enough]
    if poor:
        raise BadInput(f"too few quiet bursts of {', '.join(poor[:3])}"
                       + (f" and {len(poor) - 3} more" if len(poor) > 3 else "")
                       + ": measure again when the machine is quiet")
    baseline = usual_baseline(results)
    readme, details = folder / "README.md", folder / "docs" / "performance.md"
    files = {readme: replaced(readme, short(results, baseline)),
             details: replaced(details, report(results, baseline, "### The run")),
             folder / "docs" / "performance.svg": draw(results, baseline)}
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        sys.exit(__doc__.split("\n\n")[1])
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else __file__).resolve()
    try:
        publish(Results(sys.argv[1]), folder if len(sys.argv) == 3 else folder.parents[1])
    except BadInput as error:
        sys.exit(f"publish.py: {error}")
    except OSError as error:
        sys.exit(f"publish.py: {error.filename}: {error.strerror}")


if __name__ == "__main__":
    main()
