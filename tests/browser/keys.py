"""A keyboard without a pointer beside it: what is pressed was reached by Tab or by arrow keys."""

import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

FURTHEST: Final = 160
"""Presses of Tab after which something counts as out of reach."""
IS_FOCUSED: Final = "(element) => element === document.activeElement"


class Keys:
    """One member's keyboard.

    Attributes:
        page: What they look at.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def reach(self, target: Locator, *, back: bool = False) -> None:
        """Press Tab until the target has the focus, or Shift and Tab."""
        target.first.wait_for()
        for _ in range(FURTHEST):
            if target.first.evaluate(IS_FOCUSED):
                return
            self.press("Shift+Tab" if back else "Tab")
        message = f"Tab does not lead to {target}"
        raise AssertionError(message)

    def use(self, target: Locator, key: str = "Enter") -> None:
        """Reach it and press it."""
        self.reach(target)
        self.press(key)

    def button(self, name: str) -> None:
        """Use the button of that name."""
        self.use(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str) -> None:
        """Follow the link of that name."""
        self.use(self.page.get_by_role("link", name=name, exact=True))

    def field(self, label: str, text: str) -> None:
        """Write into the field of that label, instead of what stands there."""
        self.reach(self.page.get_by_label(re.compile(f"^{re.escape(label)}")))
        self.press("Control+a")
        self.type(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list by the beginning of the option."""
        self.reach(self.page.get_by_label(re.compile(f"^{re.escape(label)}")))
        self.type(option)

    def say(self, text: str) -> None:
        """Write a message and send it."""
        self.reach(self.page.locator("#compose-text"))
        self.type(text)
        self.press("Enter")

    def newest(self) -> None:
        """From an empty composer to the newest message."""
        self.reach(self.page.locator("#compose-text"))
        self.press("ArrowUp")
        expect(self.page.locator(".content .message:focus")).to_have_count(1)

    def item(self, name: str) -> None:
        """Choose from the menu of the message that has the focus."""
        self.press("m")
        entry = self.page.get_by_role("menuitem", name=name, exact=True)
        for _ in range(10):
            if entry.evaluate(IS_FOCUSED):
                break
            self.press("ArrowDown")
        self.press("Enter")
