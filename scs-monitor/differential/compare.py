"""Compares the answers of two monitors to the same request."""

import collections
import datetime
import http.client
import itertools
import json
import re
import urllib.parse
from html.parser import HTMLParser


class Client:
    """A client with one connection."""

    def __init__(self, url):
        self.url, self.connection = urllib.parse.urlsplit(url), None

    def send(self, method, path, headers, body=None):
        """Returns the status, the headers in lower case, and the body."""
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=120)
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status >= 500:
                    self.connection = None
                return answer.status, {key.lower(): value for key, value in answer.getheaders()}, text
            except (http.client.HTTPException, OSError):
                self.connection = None
                if attempt == 2:
                    raise


def folded(text):
    return re.sub(r"\s+", " ", text.replace(" 🔒", "").replace("»", " ")).strip()


ATTRIBUTES = re.compile(r"\{:? ?[#a-z][^{}]*\}")
# What the symbols of versions mean, in either one's words.
LEGEND = re.compile(r"[Vv]ersion.* by (a symbol depending on )?state|\(soon to be deprecated\)")
TAGS = re.compile(r"</?(details|summary|pre|strong)\b[^>]*>|^```.*$")


def markdown(text):
    """The parts of a Markdown text that a reader sees, with their place: cells of tables, and other lines."""
    row = 0
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("|"):
            row += 1
            if set(line) <= set("|-: "):
                continue
            for column, cell in enumerate(re.split(r"(?<!\\)\|", line.removeprefix("|").removesuffix("|"))):
                yield f"row {row} cell {column + 1}", unescaped(ATTRIBUTES.sub("", cell))
            continue
        row = 0
        line = ATTRIBUTES.sub("", TAGS.sub("", line))
        if line.startswith("<a name") or LEGEND.search(line):
            continue
        if folded(line):
            yield "line", unescaped(line)


def unescaped(text):
    return folded(re.sub(r"\\([^\w\s]|_)", r"\1", text))


BLOCKS = {"h1", "h2", "h3", "h4", "li", "td", "th", "pre", "p", "title", "summary"}


class Blocks(HTMLParser):
    """The texts of an HTML document, block by block, with links and explanations."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks, self.open, self.table, self.row, self.cell = [], [], 0, 0, 0
        self.is_style = False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.is_style = tag == "style"
        if tag == "table":
            self.table, self.row = self.table + 1, 0
        elif tag == "tr":
            self.row, self.cell = self.row + 1, 0
        if tag in BLOCKS:
            self.cell += tag in ("td", "th")
            place = f"table {self.table} row {self.row} cell {self.cell}" if tag in ("td", "th") else tag
            block = [place, ""]
            self.open.append((tag, block))
            self.blocks.append(block)
        if tag == "a" and "href" in attributes:
            self.handle_data(f" <{attributes['href']}> ")
        if self.open and "title" in attributes:
            self.open[-1][1][1] += f" ({attributes['title']}) "

    def handle_endtag(self, tag):
        self.is_style = False
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data):
        if self.open:
            self.open[-1][1][1] += data
        elif data.strip() and not self.is_style:
            self.blocks.append(["text", data])


def web(text):
    parser = Blocks()
    parser.feed(text)
    for place, content in parser.blocks:
        for line in (content.splitlines() if place == "pre" else [content]):
            if (folded(line) or "cell" in place) and not LEGEND.search(line):
                yield place, folded(line)


def differences_of_json(a, b, path="$"):
    numbers = all(isinstance(it, (int, float)) and not isinstance(it, bool) for it in (a, b))
    if type(a) is not type(b) and not numbers:
        yield f"{path}: {json.dumps(a)[:100]} is {json.dumps(b)[:100]}"
    elif isinstance(a, dict):
        for key in sorted(a.keys() | b.keys()):
            if key in a and key in b:
                yield from differences_of_json(a[key], b[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}: {'is missing' if key in a else 'is added'}"
    elif isinstance(a, list):
        if len(a) != len(b):
            yield f"{path}: {len(a)} items are {len(b)}"
        for place, (x, y) in enumerate(zip(a, b)):
            yield from differences_of_json(x, y, f"{path}[{place}]")
    elif a != b:
        yield f"{path}: {json.dumps(a)[:100]} is {json.dumps(b)[:100]}"


def ordered(document, path):
    """Rows of `/results` with the same time have no order; of a page only the times of the first and last are defined."""
    is_list = isinstance(document, list) and all(isinstance(it, dict) and "checked_at" in it for it in document)
    if path.split("?")[0] == "/reports" and is_list:
        # The official monitor has no order of reports, so a part of a list may have any of them.
        is_whole = "limit=1000000" in path or ("limit" not in path and "skip" not in path and len(document) < 10)
        return sorted(document, key=lambda report: report["run"]["uuid"]) if is_whole else [{} for _ in document]
    if not (path.startswith("/results") and is_list):
        return document
    groups = [list(rows) for _, rows in itertools.groupby(document, key=lambda row: row["checked_at"])]
    if "limit=100000" not in path:
        for place in {0, len(groups) - 1} if groups else ():
            groups[place] = [{"checked_at": row["checked_at"]} for row in groups[place]]
    return [row for rows in groups for row in sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))]


def parts(headers, body):
    """The parts of a page, or `None` if it is not one."""
    kind, text = headers.get("content-type", ""), body.decode("utf-8", "replace")
    if "markdown" in kind:
        return list(markdown(text))
    return list(web(text)) if "html" in kind else None


def compare(path, official, ours):
    """The differences of two answers."""
    (status, headers, body), (our_status, our_headers, our_body) = official, ours
    if status != our_status:
        yield f"status {status} is {our_status}: {body[:100]!r} is {our_body[:100]!r}"
        return
    for key in ("content-type", "www-authenticate", "location"):
        value, our_value = headers.get(key, ""), our_headers.get(key, "")
        if key == "location":
            value, our_value = (urllib.parse.urlsplit(it)._replace(scheme="", netloc="").geturl() for it in (value, our_value))
        if value != our_value:
            yield f"{key}: {value!r} is {our_value!r}"
    if body == our_body:
        return
    pages = parts(headers, body), parts(our_headers, our_body)
    is_page = None not in pages
    is_report = "/report" in path
    if is_page and path.startswith("/page/"):
        # Whole pages have more on them and another layout; their content is compared as a fragment.
        yield from missing_words(pages)
        return
    if is_page and is_report:
        # The database of the official monitor does not keep the order of keys, so only what is shown is compared.
        yield from differences_of_words(*(" ".join(text for _, text in page) for page in pages))
        return
    if is_page:
        for (place, a), (_, b) in itertools.zip_longest(*pages, fillvalue=("end", "(nothing)")):
            if a != b:
                yield f"{place}: {a[:150]!r} is {b[:150]!r}"
        return
    texts = body.decode(), our_body.decode()
    try:
        problems = list(differences_of_json(*(ordered(json.loads(text), path) for text in texts)))
    except ValueError:
        yield f"body: {body[:100]!r} is {our_body[:100]!r}"
        return
    if problems and is_report:
        if not list(differences_of_json(*(ordered(json.loads(instants(text)), path) for text in texts))):
            problems = ["timestamps are as posted"]
    yield from problems


# Labels of the official whole pages that are others here.
LABELS = {"Jump", "cmd", "rc", "channel", "summary", "results", "uuid", "subject", "scope", "checked", "variable", ""}


def missing_words(pages):
    """The words of the whole page of the official monitor that ours does not have."""
    a, b = (
        collections.Counter(word.strip(",:*") for _, text in page for word in re.split(r"[\s=]+", instants(text))) for page in pages
    )
    missing = sorted(word for word in (a - b).elements() if word not in LABELS)
    if missing:
        yield f"missing words {missing[:10]}"


def instants(text):
    """The text with its times in UTC and in one form."""

    def instant(match):
        day, clock, zone = match.groups()
        time = datetime.datetime.fromisoformat(f"{day}T{clock}{(zone or '').replace('Z', '+00:00')}")
        return str(time.astimezone(datetime.timezone.utc).replace(tzinfo=None) if zone else time)

    return re.sub(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?", instant, text)


def differences_of_words(a, b):
    """The words that only one text has."""

    def words(text):
        return collections.Counter(word.rstrip(",") for word in text.split())

    if words(a) == words(b):
        return
    a, b = words(instants(a)), words(instants(b))
    missing, added = sorted((a - b).elements()), sorted((b - a).elements())
    if missing or added:
        yield f"missing words {missing[:10]}, added words {added[:10]}"
    else:
        yield "timestamps are as posted"
