"""The demonstration pages say which lines make them what they are: hold them to it."""

import re
import unittest
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
SITES = ROOT / "Sites"
CONFIGURATION = SITES / "applicationHost.config"


class Page(HTMLParser):
    """The figures that cite a file (file, first line, text) and the addresses a page refers to."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.citations = []
        self.addresses = []
        self.citing = None
        self.text = None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "figure" and "data-file" in attributes:
            self.citing = (attributes["data-file"], int(attributes["data-line"]))
        elif tag == "pre" and self.citing:
            self.text = ""
        self.addresses += [attributes[name] for name in ("href", "src") if name in attributes]

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "pre" and self.citing:
            self.citations.append((*self.citing, self.text))
            self.citing = self.text = None


def pages():
    files = sorted([*SITES.glob("content/**/*.html"), *SITES.glob("content/**/*.demo")])
    return [Page(path) for path in files]


def sites():
    """Each site's bindings as (port, host name) and its folders by path."""
    result = []
    for site in ElementTree.parse(CONFIGURATION).iter("site"):
        bindings = [tuple(binding.get("bindingInformation").split(":")[1:]) for binding in site.iter("binding")]
        folders = {}
        for application in site.iter("application"):
            for folder in application.iter("virtualDirectory"):
                path = (application.get("path").rstrip("/") + folder.get("path")).rstrip("/") + "/"
                folders[path] = Path(folder.get("physicalPath").replace("%HOSTELRY_CONFIG_DIR%", str(SITES)))
        result.append((bindings, folders))
    return result


def without_margin(lines):
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[margin:] for line in lines)


def file_at(folders, path):
    base = max((prefix for prefix in folders if path.startswith(prefix)), key=len)
    return folders[base] / path[len(base):]


class DemonstrationPages(unittest.TestCase):
    def test_a_cited_line_stands_where_the_page_says(self):
        cited = 0
        for page in pages():
            for file, line, text in page.citations:
                count = text.count("\n") + 1
                written = (ROOT / file).read_text(encoding="utf-8").split("\n")[line - 1:line - 1 + count]
                with self.subTest(page=page.path.name, file=file, line=line):
                    self.assertEqual(without_margin(written), text)
                cited += 1
        self.assertGreater(cited, 10)

    def test_a_link_to_another_site_names_a_binding(self):
        bound = [binding for bindings, _ in sites() for binding in bindings]
        for page in pages():
            for address in filter(None, (urlsplit(address) for address in page.addresses)):
                if not address.netloc:
                    continue
                port = str(address.port)
                matches = [
                    host for bound_port, host in bound
                    if bound_port == port and (not host or re.fullmatch(host.replace("*", ".+"), address.hostname))
                ]
                with self.subTest(page=page.path.name, address=address.geturl()):
                    self.assertTrue(matches)

    def test_a_link_within_a_site_leads_to_a_file_or_folder(self):
        all_sites = sites()
        for page in pages():
            homes = [folders for _, folders in all_sites if any(root in page.path.parents for root in folders.values())]
            self.assertTrue(homes, page.path)
            for address in page.addresses:
                if not address.startswith("/"):
                    continue
                with self.subTest(page=page.path.name, address=address):
                    self.assertTrue(any(file_at(folders, address).exists() for folders in homes))


if __name__ == "__main__":
    unittest.main()
