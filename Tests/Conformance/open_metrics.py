"""A strict reader of OpenMetrics 1.0 text: what the specification does not allow is an error."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf'({NAME})(?:\{{(.*)\}})? (\S+)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?Inf|NaN")
SUFFIXES = {
    "counter": ["_total", "_created"],
    "gauge": [""],
    "info": ["_info"],
    "histogram": ["_bucket", "_count", "_sum", "_created"],
}


class Malformed(Exception):
    pass


def labels_of(text):
    labels, position = {}, 0
    while position < len(text):
        match = LABEL.match(text, position)
        if not match or match[1] in labels or (match[3] == "," and match.end() == len(text)):
            raise Malformed(f"labels: {text}")
        labels[match[1]] = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], match[2])
        position = match.end()
    return labels


class Family:
    def __init__(self, name, kind):
        self.name, self.kind, self.unit, self.help = name, kind, None, None
        # By what is left of the name and the labels, as they come.
        self.samples = []

    def value(self, suffix="", **labels):
        """The value of the one sample with these labels; None where there is none."""
        found = [value for name, has, value in self.samples if name == suffix and has == labels]
        assert len(found) <= 1
        return found[0] if found else None

    def check(self):
        if self.unit and not self.name.endswith("_" + self.unit):
            raise Malformed(f"{self.name} does not end with its unit")
        seen, metrics = set(), []
        for suffix, labels, value in self.samples:
            key = (suffix, tuple(sorted(labels.items())))
            if key in seen:
                raise Malformed(f"{self.name}{suffix} {labels} twice")
            seen.add(key)
            metric = tuple(sorted((name, text) for name, text in labels.items() if name != "le"))
            if not metrics or metrics[-1] != metric:
                if metric in metrics:
                    raise Malformed(f"{self.name} {labels}: samples of metrics are mixed")
                metrics.append(metric)
            if suffix != "" and (value < 0 or value != value):
                raise Malformed(f"{self.name}{suffix} {labels}: {value}")
        if self.kind == "histogram":
            for metric in metrics:
                self.check_histogram(dict(metric))

    def check_histogram(self, labels):
        def of(suffix):
            return [(has, value) for name, has, value in self.samples if name == suffix
                    and {n: t for n, t in has.items() if n != "le"} == labels]
        bounds = [float(has["le"].replace("Inf", "inf")) for has, _ in of("_bucket")]
        counts = [value for _, value in of("_bucket")]
        if bounds != sorted(set(bounds)) or counts != sorted(counts) or bounds[-1] != float("inf"):
            raise Malformed(f"{self.name} {labels}: buckets {bounds} {counts}")
        if [value for _, value in of("_count")] != counts[-1:] or len(of("_sum")) != 1:
            raise Malformed(f"{self.name} {labels}: count and sum")


def parse(data):
    """The families by their names."""
    text = data.decode("utf-8")
    if not text.endswith("# EOF\n"):
        raise Malformed("no EOF")
    families, current = {}, None
    for line in text[:-len("# EOF\n")].splitlines():
        if line.startswith("# "):
            _, word, name, *rest = line.split(" ", 3)
            rest = rest[0] if rest else ""
            if not re.fullmatch(NAME, name):
                raise Malformed(line)
            if current is None or current.name != name:
                if word != "TYPE" or name in families:
                    raise Malformed(f"{line}: not first")
                if rest not in SUFFIXES:
                    raise Malformed(line)
                current = families[name] = Family(name, rest)
            elif current.samples or word not in ["UNIT", "HELP"]:
                raise Malformed(f"{line}: too late")
            elif word == "UNIT" and current.unit is None:
                current.unit = rest
            elif word == "HELP" and current.help is None:
                current.help = rest
            else:
                raise Malformed(line)
            continue
        match = SAMPLE.fullmatch(line)
        if not match or not NUMBER.fullmatch(match[3]):
            raise Malformed(line)
        if current is None or not match[1].startswith(current.name):
            raise Malformed(f"{line}: in no family")
        suffix = match[1][len(current.name):]
        if suffix not in SUFFIXES[current.kind]:
            raise Malformed(f"{line}: no sample of a {current.kind}")
        current.samples.append((suffix, labels_of(match[2] or ""), float(match[3])))
    for family in families.values():
        family.check()
    return families
