// The staff's pages: names for the boxes that select2 makes, the address of a new page proposed from its name, and a
// question before a form is left.
"use strict";
{
    // --- boxes of select2 bear the names of the fields they stand for ---------------------------------------------
    function name(select) {
        const container = select.nextElementSibling;
        const label = select.labels?.[0]?.textContent.replace(/\s*:\s*$/, "").trim() || select.getAttribute("aria-label");
        if (!label || !container?.classList.contains("select2-container")) {
            return;
        }
        const box = container.querySelector(".select2-selection");
        box.removeAttribute("aria-labelledby");
        box.setAttribute("aria-label", label);
        container.querySelector(".select2-search__field")?.setAttribute("aria-label", label);
        container.querySelector("ul.select2-selection__rendered")?.setAttribute("role", "presentation");
        container.querySelector("span.select2-selection__rendered")?.setAttribute("aria-label", label);
    }

    function nameAll(root) {
        root.querySelectorAll("select.admin-autocomplete").forEach(name);
    }

    // --- the last part of an address follows the name, until somebody writes her own --------------------------------
    function proposeAddress(box) {
        const sources = box.dataset.proposedFrom.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
        let proposed = "";
        let waiting;
        let asked = 0;

        async function propose() {
            const text = sources.map((source) => source.value.trim()).find(Boolean) ?? "";
            const turn = ++asked;
            const address = `${box.dataset.proposedBy}&${new URLSearchParams({text})}`;
            const answer = await fetch(address).catch(() => null);
            if (!answer?.ok) {
                return;  // the server proposes again when the form is sent
            }
            const {slug} = await answer.json();
            if (turn === asked && box.value === proposed) {
                box.value = proposed = slug;
            }
        }

        for (const source of sources) {
            source.addEventListener("input", () => {
                clearTimeout(waiting);
                if (box.value === proposed) {
                    waiting = setTimeout(propose, 200);
                }
            });
        }
    }

    // --- nobody leaves a form with changes that are not saved without being asked ------------------------------------
    function askBeforeLeaving(form) {
        const state = () => JSON.stringify([...new FormData(form)].map(([name, value]) =>
            [name, value instanceof File ? value.name : value]));
        const given = state();
        const refused = document.querySelector(".errornote") !== null;  // what stands there was typed, and is not saved
        let sent = false;
        form.addEventListener("submit", () => {
            sent = true;
        });
        window.addEventListener("pageshow", () => {
            sent = false;  // back from where it led
        });
        window.addEventListener("beforeunload", (event) => {
            if (!sent && (refused || state() !== given)) {
                event.preventDefault();
            }
        });
    }

    window.addEventListener("load", () => {
        document.querySelectorAll("[data-proposed-from]").forEach(proposeAddress);
        document.querySelectorAll(".change-form #content-main > form").forEach(askBeforeLeaving);
        document.querySelectorAll("th.original").forEach((heading) => heading.setAttribute("role", "presentation"));
        const $ = django.jQuery;
        $(() => setTimeout(() => nameAll(document)));  // once the boxes are made
        $(document).on("select2:open", (event) => {
            const label = event.target.labels?.[0]?.textContent ?? event.target.getAttribute("aria-label") ?? "";
            document.querySelector(".select2-container--open .select2-search__field")?.setAttribute("aria-label", label);
        });
    });
    document.addEventListener("formset:added", (event) => setTimeout(() => nameAll(event.target)));
}
