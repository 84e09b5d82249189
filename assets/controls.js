/* The controls come when somebody moves or presses something, and go when nobody does: F full screen, V the visitors' view. */
(() => {
  "use strict";
  const AWAKE_MS = 4000;
  let asleep = null;

  function wake() {
    document.body.classList.add("is-awake");
    clearTimeout(asleep);
    asleep = setTimeout(() => document.body.classList.remove("is-awake"), AWAKE_MS);
  }

  function toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {}); // a browser may refuse: then nothing is lost
  }

  function press(event) {
    wake();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "f" || event.key === "F") toggleFullScreen();
    const level = document.querySelector(".controls .level");
    if ((event.key === "v" || event.key === "V") && level) level.click();
  }

  addEventListener("pointermove", wake, { passive: true });
  addEventListener("pointerdown", wake, { passive: true });
  addEventListener("keydown", press);
  addEventListener("focusin", wake);
  addEventListener("click", (event) => { if (event.target.closest(".full-screen")) toggleFullScreen(); });
})();
