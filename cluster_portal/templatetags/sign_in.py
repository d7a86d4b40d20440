"""What the pages of signing in show of a session."""

import re

from django import template

register = template.Library()

BROWSERS = {"Firefox": "Firefox", "Edg": "Edge", "OPR": "Opera", "Chrome": "Chrome", "Version": "Safari"}
SYSTEMS = {
    "Windows": "Windows", "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Mac OS X": "macOS", "CrOS": "ChromeOS",
    "Linux": "Linux",
}  # fmt: skip


@register.filter
def device(user_agent: str) -> str:
    """“Firefox 150, Windows”; whatever does not say so, as it says it."""
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), "")
    mark = next((mark for mark, name in BROWSERS.items() if name == browser), "")
    version = re.search(rf"{mark}/(\d+)", user_agent) if mark else None
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return ", ".join(filter(None, [f"{browser} {version[1]}" if version else "", system])) or user_agent
