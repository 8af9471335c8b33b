"""The pages of the documentation, taken apart: code blocks, inline code, links and headings."""

import collections
import re

# `tag` is what stands behind the fence, "" if nothing does, and "indented" for a block without
# one. `name` is that of the file that the paragraph before it names last, or None.
Block = collections.namedtuple("Block", "tag name text line")

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\s*(.*)")
NAMED = re.compile(r"`([\w.-]+\.(?:cpp|c))`")


def split(text):
    """The blocks of a page, and its lines without them."""
    blocks, prose = [], []
    lines = text.splitlines()
    i = 0
    while i < len(lines):
        begin = i
        if fence := FENCE.fullmatch(lines[i]):
            end = re.compile(rf" {{0,3}}{fence[1][0]}{{{len(fence[1])},}}\s*")
            i += 1
            while i < len(lines) and not end.fullmatch(lines[i]):
                i += 1
            if i == len(lines):
                raise ValueError(f"line {begin + 1}: a block that does not end")
            named = NAMED.findall("\n".join(prose).rstrip().rpartition("\n\n")[2])
            content = "".join(line + "\n" for line in lines[begin + 1:i])
            blocks.append(Block(fence[2].strip(), named[-1] if named else None, content, begin + 1))
            i += 1
        elif re.match(r" {4}|\t", lines[i]) and not in_list(lines, i):
            while i < len(lines) and (not lines[i] or re.match(r" {4}|\t", lines[i])):
                i += 1
            content = "".join(line[4:] + "\n" for line in lines[begin:i])
            blocks.append(Block("indented", None, content, begin + 1))
        else:
            prose.append(lines[i])
            i += 1
    return blocks, prose


def in_list(lines, i):
    """Whether an indented line goes on with a paragraph or an item of a list."""
    return i > 0 and lines[i - 1] != ""


def inline_code(text):
    return re.findall(r"(?<!`)`([^`]+)`(?!`)", "\n".join(split(text)[1]))


def links(text):
    """Where the page's links and pictures lead, but for other sites."""
    prose = re.sub(r"`[^`]*`", "", "\n".join(split(text)[1]))
    targets = re.findall(r"\]\(([^)\s]+)\)", prose)
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def anchors(text):
    """What a # may name on the page, as GitHub makes it of headings."""
    found = collections.Counter()
    names = set()
    for line in split(text)[1]:
        if heading := re.fullmatch(r"#{1,6} (.*)", line):
            words = re.sub(r"\]\([^)]*\)", "", heading[1]).lower()
            slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
            names.add(slug + (f"-{found[slug]}" if found[slug] else ""))
            found[slug] += 1
    return names


def session(text):
    """The commands of a console block, each with the output that is shown below it."""
    commands = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append([line[2:], ""])
        elif commands and line.startswith("> ") and not commands[-1][1]:
            commands[-1][0] += "\n" + line[2:]
        elif commands:
            commands[-1][1] += line + "\n"
        else:
            raise ValueError(f"output before any command: {line}")
    return commands
