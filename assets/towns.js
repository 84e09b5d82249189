/* A click on a town of the map chooses it in the page's address, a second one lets it go; the screen follows the address. */
(() => {
  "use strict";
  function chooseTown(clicked, figure, search) {
    const { no_update } = window.dash_clientside;
    if (!clicked || !clicked.points || !clicked.points.length) return no_update;
    const town = (figure.data[clicked.points[0].curveNumber] || {}).meta; // a filled outline tells only which trace it is
    if (!town) return no_update;
    const asked = new URLSearchParams(search || "");
    if (asked.get("town") === town) asked.delete("town");
    else asked.set("town", town);
    const text = asked.toString();
    return text ? `?${text}` : "";
  }
  window.dash_clientside = Object.assign(window.dash_clientside || {}, { cockpit: { chooseTown } });
})();
