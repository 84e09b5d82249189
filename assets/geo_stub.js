/* plotly fetches base maps of the world from another host unless it finds them here; our maps have none. */
(() => {
  "use strict";
  const empty = () => ({
    type: "Topology",
    arcs: [],
    objects: Object.fromEntries(
      ["coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits"].map((name) => [name, { type: "GeometryCollection", geometries: [] }]),
    ),
  });
  const scopes = ["world", "usa", "europe", "asia", "africa", "north-america", "south-america", "antarctica", "oceania"];
  const topojson = Object.fromEntries(scopes.flatMap((scope) => [[`${scope}_110m`, empty()], [`${scope}_50m`, empty()]]));
  window.PlotlyGeoAssets = { topojson };
})();
