"""What a real web.config says, read with xml.etree and nothing of Hostelry's: what a client must see of it.

Only what stands for the folder itself (no `location` below it) is read. Each finding is an independent statement; what
this reader does not know it leaves out.
"""

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

# Reference §5.1: sections that a stock server keeps for itself or locks ("Deny"); a web.config with one is 500.19.
LOCKED = {
    "applicationInitialization": False, "asp": True, "cgi": True, "fastCgi": True, "globalModules": True,
    "httpCompression": True, "httpLogging": True, "httpTracing": True, "isapiFilters": True, "odbcLogging": True,
    "security/access": True, "security/authentication/anonymousAuthentication": True,
    "security/authentication/basicAuthentication": True, "security/authentication/windowsAuthentication": True,
    "security/dynamicIpSecurity": True, "security/ipSecurity": True, "security/isapiCgiRestriction": True,
    "serverRuntime": True, "serverSideInclude": True, "webSocket": True, "webdav": True,
}
# Sections that only an add-on's schema has, or none.
UNKNOWN = {"iisnode", "authorization"}


def seconds(span):
    """`d.hh:mm:ss` or `hh:mm:ss`."""
    days, _, clock = span.rpartition(".")
    hours, minutes, rest = clock.split(":")
    return ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(rest)


def elements(parent):
    return [] if parent is None else [child for child in parent if isinstance(child.tag, str)]


def is_true(element, attribute, default):
    return default if element is None else element.get(attribute, str(default)).lower() == "true"


class Stock:
    """The stock server's lists that a web.config builds on."""

    def __init__(self, path):
        server = ElementTree.parse(path).getroot()
        self.types = {entry.get("fileExtension").lower(): entry.get("mimeType") for entry in server.iter("mimeMap")}
        self.documents = [entry.get("value") for entry in server.find(".//defaultDocument/files")]
        self.denied = {entry.get("fileExtension").lower() for entry in server.find(".//requestFiltering/fileExtensions")
                       if entry.get("allowed") == "false"}


@dataclass
class Statements:
    path: Path
    # Why the whole file makes no sense to a stock server; empty where it does.
    mistake: str = ""
    headers: list = field(default_factory=list)
    removed_headers: set = field(default_factory=set)
    hides_server: bool = False
    cache_control: set = field(default_factory=set)
    # By extension; None where there is none any more.
    types: dict = field(default_factory=dict)
    documents: list = None
    lists_folders: bool = False
    hidden: set = field(default_factory=set)
    denied: set = field(default_factory=set)
    # Names of modules that requests for "/" and all others need, and those that only some need.
    everywhere: list = field(default_factory=list)
    somewhere: dict = field(default_factory=dict)
    rewrites: bool = False
    # By status, the page of the site's own that is sent with it.
    error_files: dict = field(default_factory=dict)
    redirection: tuple = None
    closed: bool = False

    @property
    def name(self):
        return self.path.name.split("--")[0]


def read(path, stock):
    said = Statements(path, types={}, documents=list(stock.documents), denied=set(stock.denied))
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError:
        said.mistake = "not well-formed"
        return said
    if any("XML-Document-Transform" in name for element in root.iter() for name in element.attrib):
        said.mistake = "a transformation"
        return said
    places = [root, *(place for place in root.findall("location") if place.get("path", "") in ("", "."))]
    sections = [section for place in places for server in place.findall("system.webServer") for section in elements(server)]
    everywhere = [section for server in root.iter("system.webServer") for section in elements(server)]
    said.mistake = mistake(sections, everywhere, stock)
    if not said.mistake:
        for section in sections:
            READERS.get(section.tag, lambda *_: None)(section, said)
    return said


def mistake(sections, everywhere, stock):
    tags = [section.tag for section in sections]
    for section in everywhere:
        if section.tag in UNKNOWN:
            return f"unknown section {section.tag}"
        names = [section.tag] if section.tag != "security" else [
            f"security/{one.tag}" + (f"/{two.tag}" if one.tag == "authentication" else "")
            for one in elements(section) for two in (elements(one) if one.tag == "authentication" else [one])]
        for name in names:
            if LOCKED.get(name):
                return f"locked section {name}"
    if len(tags) != len(set(tags)):
        return "a section twice"
    for section in sections:
        if section.tag == "staticContent":
            known = set(stock.types)
            for entry in elements(section):
                extension = entry.get("fileExtension", "").lower()
                if entry.tag == "clear":
                    known = set()
                elif entry.tag == "remove":
                    known.discard(extension)
                elif entry.tag == "mimeMap":
                    if extension in known:
                        return f"{extension} twice"
                    known.add(extension)
    return ""


def read_headers(section, said):
    for entry in elements(section.find("customHeaders")):
        name = entry.get("name", "")
        if entry.tag == "add":
            said.headers.append((name, entry.get("value", "")))
        elif entry.tag == "clear":
            said.headers.clear()
            said.removed_headers.add("x-powered-by")
        elif entry.tag == "remove":
            said.headers = [header for header in said.headers if header[0].lower() != name.lower()]
            said.removed_headers.add(name.lower())
    said.removed_headers -= {name.lower() for name, _ in said.headers}


def read_static_content(section, said):
    for entry in elements(section):
        extension = entry.get("fileExtension", "").lower()
        if entry.tag == "remove":
            said.types[extension] = None
        elif entry.tag == "mimeMap":
            said.types[extension] = entry.get("mimeType")
        elif entry.tag == "clientCache":
            mode = entry.get("cacheControlMode", "NoControl")
            if mode == "UseMaxAge":
                said.cache_control.add(f"max-age={seconds(entry.get('cacheControlMaxAge', '1.00:00:00'))}")
            elif mode == "DisableCache":
                said.cache_control.add("no-cache")
            if entry.get("cacheControlCustom"):
                said.cache_control.add(entry.get("cacheControlCustom"))


def read_default_document(section, said):
    own = []
    for entry in elements(section.find("files")):
        if entry.tag == "clear":
            own, said.documents = [], []
        elif entry.tag == "remove":
            said.documents = [name for name in said.documents if name.lower() != entry.get("value").lower()]
        elif entry.tag == "add":
            own.append(entry.get("value"))
    said.documents = own + said.documents
    if not is_true(section, "enabled", True):
        said.documents = []


def read_security(section, said):
    filtering = section.find("requestFiltering")
    said.hides_server = is_true(filtering, "removeServerHeader", False)
    if filtering is not None:
        said.hidden = {entry.get("segment") for entry in filtering.findall("hiddenSegments/add")}
        for entry in elements(filtering.find("fileExtensions")):
            extension = entry.get("fileExtension", "").lower()
            if entry.tag == "add" and not is_true(entry, "allowed", True):
                said.denied.add(extension)
            elif entry.tag == "remove":
                said.denied.discard(extension)
            elif entry.tag == "clear":
                said.denied.clear()
    rules = section.find("authorization")
    if rules is not None:
        cleared = any(entry.tag in ("clear", "remove") for entry in elements(rules))
        allows = [entry for entry in rules.findall("add") if entry.get("accessType") == "Allow"]
        # Without the stock rule, somebody must be let in by name.
        said.closed = cleared and not any(set("*?") & set(entry.get("users", "")) for entry in allows) or any(
            entry.get("accessType") == "Deny" and set("*?") & set(entry.get("users", "")) for entry in rules.findall("add"))


def read_handlers(section, said):
    for entry in elements(section):
        if entry.tag != "add" or entry.get("type"):
            continue
        for module in filter(None, (name.strip() for name in entry.get("modules", "").split(","))):
            verbs = [verb.strip() for verb in entry.get("verb", "*").split(",")]
            if entry.get("path") == "*" and {"*", "GET"} & set(verbs) and entry.get("resourceType", "Unspecified") == "Unspecified":
                said.everywhere.append(module)
            else:
                said.somewhere.setdefault(module, []).append(entry.get("path"))


def read_rewrite(section, said):
    said.rewrites = any(rule.get("enabled", "true").lower() == "true" for rule in section.findall("rules/rule"))


def read_directory_browse(section, said):
    said.lists_folders = is_true(section, "enabled", False)


def read_redirect(section, said):
    if is_true(section, "enabled", False):
        status = {"Permanent": 301, "Found": 302, "Temporary": 307, "PermRedirect": 308}
        said.redirection = (status[section.get("httpResponseStatus", "Found")], section.get("destination"))


def read_errors(section, said):
    """Pages that take the place of errors for clients of other machines."""
    if section.get("errorMode") == "Detailed" or section.get("existingResponse") == "PassThrough":
        return
    for entry in section.findall("error"):
        mode = entry.get("responseMode", section.get("defaultResponseMode", "File"))
        if mode == "File" and ":" not in entry.get("path", ":") and not entry.get("prefixLanguageFilePath"):
            said.error_files[int(entry.get("statusCode"))] = entry.get("path").replace("\\", "/")


READERS = {
    "httpProtocol": read_headers, "staticContent": read_static_content, "defaultDocument": read_default_document,
    "security": read_security, "handlers": read_handlers, "rewrite": read_rewrite,
    "directoryBrowse": read_directory_browse, "httpRedirect": read_redirect, "httpErrors": read_errors,
}
