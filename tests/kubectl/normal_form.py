"""What must differ between two clusters is given a name: identities, times, revisions, addresses. Nothing else is touched."""
import re
import urllib.parse

UID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
RULES = [(re.compile(pattern, re.MULTILINE), name) for pattern, name in [
    (UID, "UID"),
    (r"^([IWE])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ", r"\1TIME "),  # what kubectl itself logs
    (r"(very short watch:.*)", "very short watch"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}", "TIME"),
    (rf"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d ({MONTHS}) \d{{4}} \d\d:\d\d:\d\d [+-]\d{{4}}", "TIME"),
    (r"(?<=[- ])[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}", "TIME"),
    (r"""(resourceVersion"?[:=] *"?)\d+""", r"\1REVISION"),
    (r"(Resource Version: +|to be 1, was )\d+", r"\1REVISION"),
    (r"(127\.0\.0\.1|localhost):\d+", "SERVER"),
    (r"\b(10|127)\.\d+\.\d+\.\d+\b", "ADDRESS"),
    (r"(?<=[-=:])[bcdfghjklmnpqrstvwxz2456789]{8,10}(?![\w.])", "SUFFIX"),  # the hash of a pod template
    (r"(?<=-)[bcdfghjklmnpqrstvwxz2456789]{5}(?![\w-])", "SUFFIX"),  # the end of a generated name
    (r"\.[0-9a-f]{16}\b", ".EVENT"),
    (r"(?<![\w.:/-])((\d+[dhms]){1,2}|<invalid>|0\.\d+s)( \(x\d+ over (\d+[dhms]){1,2}\))?( ago)?(?![\w./:-])", "AGE"),
    (r"\b(node|zone)-[ab]\b", r"\1-X"),  # the scheduler's choice
    (r"kubectl-edit-\d+", "kubectl-edit-RANDOM"),
    (r"/tmp/[\w.-]+/", "FOLDER/"),
]]


def normal_text(text):
    for pattern, name in RULES:
        text = pattern.sub(name, text)
    return text


def normal_lines(text):
    """Lines of output. How wide a column is depends on ages and addresses, so runs of spaces within a line count as two; a comma
    at the end depends on what follows. The problems of one object come in any order."""
    lines, problems = [], []
    for line in [re.sub(r"(?<=\S) {2,}", "  ", line).rstrip(" ,") for line in normal_text(text).splitlines()] + [""]:
        if line.startswith("* "):
            problems.append(line)
        else:
            lines += sorted(problems) + [line]
            problems = []
    return lines[:-1]


def normal_path(path):
    """A request's path with its query: what is random or counted there gets a name."""
    address, _, query = path.partition("?")
    words = []
    for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True):
        if name in ("resourceVersion", "continue", "timeoutSeconds", "hash") and value not in ("", "0"):
            value = name.upper()
        elif name == "fieldSelector":
            value = ",".join(sorted(value.split(",")))  # kubectl names the fields in any order
        words.append(f"{name}={normal_text(value)}")
    return normal_text(address) + ("?" + "&".join(sorted(words)) if words else "")
