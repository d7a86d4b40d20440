// Names for the boxes that select2 makes out of autocomplete fields: those of the fields they stand for.
"use strict";
{
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

    window.addEventListener("load", () => {
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
