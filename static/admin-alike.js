// The form of a new organisation: what may be the same already is shown while its name, its number or its site is typed.
"use strict";
{
    const name = document.querySelector("[data-alike]"); // not on the form of one that is there
    const boxes = ["name", "siren", "website"].map((one) => document.getElementById(`id_${one}`)).filter(Boolean);
    const place = document.createElement("div");
    let waiting;
    let asked = 0;

    place.setAttribute("aria-live", "polite");
    name?.closest(".form-row").append(place);

    async function ask() {
        const turn = ++asked;
        const values = new URLSearchParams(boxes.map((box) => [box.name, box.value.trim()]));
        const answer = await fetch(`${name.dataset.alike}?${values}`).catch(() => null);
        if (answer?.ok && turn === asked) {
            place.innerHTML = await answer.text();
        }
    }

    for (const box of name ? boxes : []) {
        box.addEventListener("input", () => {
            clearTimeout(waiting);
            waiting = setTimeout(ask, 300);
        });
    }
}
