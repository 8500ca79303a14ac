"""Headless Chromium for tests, where it is there."""

import importlib.util
import os
import shutil

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
MISSING = [name for name, there in [
    ("chromium", CHROMIUM), ("chromium-driver", DRIVER), ("selenium", importlib.util.find_spec("selenium"))] if not there]


def open_browser(tests):
    """A browser of a class of tests."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--force-device-scale-factor=1",
                     "--hide-scrollbars", "--no-first-run"]:
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    tests.addClassCleanup(browser.quit)
    return browser
