// The short form of a new member: what looks like it is shown while it is typed, and the department follows the postcode.
"use strict";
{
    const form = document.querySelector("form[data-alike]");
    const place = document.getElementById("alike");
    const boxes = ["name", "siren", "website"].map((name) => form.elements.namedItem(name));
    let waiting;
    let asked = 0;

    async function ask() {
        const turn = ++asked;
        const values = new URLSearchParams(boxes.map((box) => [box.name, box.value.trim()]));
        const answer = await fetch(`${form.dataset.alike}&${values}`).catch(() => null);
        if (answer?.ok && turn === asked) {
            place.innerHTML = await answer.text();
        }
    }

    for (const box of boxes) {
        box.addEventListener("input", () => {
            clearTimeout(waiting);
            waiting = setTimeout(ask, 300);
        });
    }

    // --- 69200 is in Rhône ------------------------------------------------------------------------------------------
    const postcode = form.elements.namedItem("site-postcode");
    const department = form.elements.namedItem("site-department");
    const islands = {97133: "977", 97150: "978"};  // as the server reads them (members/positions.py)
    let proposed = "";

    function departmentOf(code) {
        if (code.startsWith("20")) {
            return /^20[26]/.test(code) ? "2B" : "2A";
        }
        return islands[code] ?? code.slice(0, /^9[78]/.test(code) ? 3 : 2);
    }

    postcode.addEventListener("input", () => {
        const code = postcode.value.replaceAll(/\s/g, "");
        if (!/^\d{5}$/.test(code) || department.value !== proposed) {
            return;  // not whole yet, or the person chose one herself: the server says what it thinks of that
        }
        const option = [...department.options].find((one) => one.text.endsWith(`(${departmentOf(code)})`));
        department.value = proposed = option?.value ?? "";
    });
}
