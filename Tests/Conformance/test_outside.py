"""What `Tests/outside` chooses, and the line that it ends with."""

import contextlib
import importlib.machinery
import importlib.util
import io
import sys
import unittest
from pathlib import Path
from unittest import mock

PROGRAM = Path(__file__).resolve().parent.parent / "outside"


def program():
    loader = importlib.machinery.SourceFileLoader("outside", str(PROGRAM))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("outside", loader))
    with mock.patch.object(sys, "dont_write_bytecode", True):
        loader.exec_module(module)
    return module


class Samples:
    """Tests for the program to run; inside of a class, where nobody else finds them."""

    class Mixed(unittest.TestCase):
        def test_passes(self):
            pass

        def test_skips_its_parts(self):
            for part in range(2):
                with self.subTest(part):
                    self.skipTest("not here")

        def test_fails_in_parts(self):
            for part in range(2):
                with self.subTest(part):
                    self.fail("wrong")

    class SkippedAsAWhole(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            raise unittest.SkipTest("not here")

        def test_never_begins(self):
            pass


class OutsideTests(unittest.TestCase):
    def end(self, *patterns):
        """The last line of a run over the samples, and how it ended."""
        outside = program()
        load = unittest.defaultTestLoader.loadTestsFromTestCase
        suite = unittest.TestSuite([load(Samples.Mixed), load(Samples.SkippedAsAWhole)])
        text = io.StringIO()
        with mock.patch.object(outside, "FOLDERS", ["Conformance"]), mock.patch.object(sys, "path", list(sys.path)), \
                mock.patch.object(unittest.TestLoader, "discover", return_value=suite), \
                contextlib.redirect_stdout(text):
            code = outside.main(*patterns)
        return text.getvalue().splitlines()[-1], code

    def test_a_test_whose_parts_all_skip_is_one_that_skips(self):
        self.assertEqual(self.end("skips_its_parts"), ("0 passed, 0 failed, 1 skipped", 0))

    def test_a_class_that_skips_has_no_test_that_passes(self):
        self.assertEqual(self.end("never_begins"), ("0 passed, 0 failed, 1 skipped", 0))

    def test_a_test_whose_parts_fail_is_one_that_fails(self):
        self.assertEqual(self.end("fails_in_parts"), ("0 passed, 1 failed, 0 skipped", 1))

    def test_several_patterns_choose_what_any_of_them_matches(self):
        self.assertEqual(self.end("test_passes", "skips_its"), ("1 passed, 0 failed, 1 skipped", 0))

    def test_without_a_pattern_all_are_chosen(self):
        self.assertEqual(self.end(), ("1 passed, 1 failed, 2 skipped", 1))

    def test_a_pattern_that_nothing_matches_fails(self):
        self.assertEqual(self.end("no such test")[1], 1)
