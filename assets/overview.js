/* A click on a town of the overview's map opens it; what else the address asks for (moment, level, language) is kept. */
(() => {
  "use strict";
  addEventListener("cockpit-pick", ({ target, detail: town }) => {
    if (!town || !target.closest("#city-map")) return;
    const asked = new URLSearchParams(location.search);
    for (const name of ["play", "every"]) asked.delete(name);
    asked.set("town", town);
    window.cockpit.go(`/screen/towns?${asked}`);
  });
})();
