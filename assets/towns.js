/* A click on a town of the map chooses it in the page's address, a second one lets it go; the screen follows the address. */
(() => {
  "use strict";
  addEventListener("cockpit-pick", ({ target, detail: town }) => {
    if (!town || !target.closest("#town-map")) return;
    const asked = new URLSearchParams(location.search);
    if (asked.get("town") === town) asked.delete("town");
    else asked.set("town", town);
    const said = asked.toString();
    window.cockpit.go(`${location.pathname}${said && `?${said}`}`);
  });
})();
