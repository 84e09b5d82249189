/* What was sent as text (data-html) is put in its place, and again when it changes. The server has escaped all that is not
   its own markup. */
(() => {
  "use strict";
  const held = new WeakMap();

  function put(box) {
    if (held.get(box) === box.dataset.html && box.firstChild) return;
    held.set(box, box.dataset.html);
    box.innerHTML = box.dataset.html;
  }

  function look(changes) {
    for (const change of changes) {
      if (change.type === "attributes") put(change.target);
      for (const node of change.addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches("[data-html]")) put(node);
        for (const box of node.querySelectorAll("[data-html]")) put(box);
      }
    }
  }

  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-html"] });
})();
