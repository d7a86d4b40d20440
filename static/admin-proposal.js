// A proposal decided from the keyboard: j and k go from box to box, a, e and r decide; a saved answer fills the reason.
"use strict";
{
    const form = document.querySelector("form.proposal");
    const lines = [...form.querySelectorAll(".proposal__line")].filter((line) => line.querySelector("[type=radio]"));
    const choices = { a: "take", e: "edit", r: "refuse" };
    let here = -1;

    function go(to) {
        here = Math.max(0, Math.min(lines.length - 1, to));
        const chosen = lines[here].querySelector(":checked") ?? lines[here].querySelector("[type=radio]");
        chosen.focus();
        lines[here].scrollIntoView({ block: "nearest" });
    }

    function choose(line, choice) {
        const radio = line.querySelector(`[type=radio][value=${choice}]`);
        radio.checked = true;
        radio.focus();
        shown(line, choice);
    }

    function shown(line, choice) {
        if (choice === "edit") {
            const details = line.querySelector("details");
            details.open = true;
            details.querySelector("input, textarea, select")?.focus();
        }
    }

    for (const [place, line] of lines.entries()) {
        line.addEventListener("focusin", () => {
            here = place;
        });
        line.addEventListener("change", (event) => {
            if (event.target.type === "radio" && event.target.name.startsWith("choice-")) {
                shown(line, event.target.value);
            }
        });
        line.querySelector("details").addEventListener("input", () => {
            line.querySelector("[type=radio][value=edit]").checked = true;
        });
    }

    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            form.querySelector("[name=decide]")?.click();
            return;
        }
        const typing = event.target.closest("textarea, select, input:not([type=radio])");
        if (typing || event.ctrlKey || event.metaKey || event.altKey || !lines.length) {
            return;
        }
        if (event.key === "j" || event.key === "k") {
            go(here + (event.key === "j" ? 1 : -1));
        } else if (choices[event.key] && here >= 0) {
            choose(lines[here], choices[event.key]);
        } else {
            return;
        }
        event.preventDefault();
    });

    // --- saved answers ----------------------------------------------------------------------------------------------
    const texts = document.getElementById("saved-answers");
    const saved = form.elements.namedItem("saved");
    if (texts && saved) {
        const known = JSON.parse(texts.textContent);
        saved.addEventListener("change", () => {
            if (known[saved.value]) {
                form.elements.namedItem("reason").value = known[saved.value];
            }
        });
    }
    if (lines.length) {
        form.querySelector(".proposal__keys").hidden = false;
    }
}
