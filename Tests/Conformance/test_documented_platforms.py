"""The examples of Documentation/http-platform.md, as they stand there, behind a running host."""

import re
import shutil
import unittest

from instance import ROOT, Instance

TEXT = (ROOT / "Documentation" / "http-platform.md").read_text()
# What each example is started by, and the file that it is in.
EXAMPLES = {"Python": ("python3", "app.py"), "Node": ("node", "server.js"), "Java": ("java", "Server.java")}
# The search path of pools.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def example(language):
    """The first whole web.config of a language's section, and the program behind it."""
    section = re.search(rf"^## {language}\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)[1]
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    configuration = next(text for kind, text in blocks if kind == "xml" and text.startswith("<configuration>"))
    return configuration, next(text for kind, text in blocks if kind != "xml")


class DocumentedPlatforms(unittest.TestCase):
    def answers(self, language):
        program, file = EXAMPLES[language]
        if shutil.which(program, path=PATH) is None:
            self.skipTest(f"{program} is not on the search path of pools")
        host = Instance()
        self.addCleanup(host.clean)
        configuration, text = example(language)
        host.write("content/web.config", configuration)
        host.write(f"content/{file}", text)
        host.serve()
        for path in ["/orders/7?open=1", "/index.html"]:
            self.assertEqual(host.get(path), (200, f"{language} answers {path}"))
        host.stop()

    def test_python(self):
        self.answers("Python")

    def test_node(self):
        self.answers("Node")

    def test_java(self):
        self.answers("Java")


if __name__ == "__main__":
    unittest.main()
