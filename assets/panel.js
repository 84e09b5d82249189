/* A panel's content, drawn by React with nothing of Dash around its elements. Dash puts a wrapper around each, and asks every
   wrapper of the page, at every change of any, whether it is meant: a wall of five screens has ten thousand, and a tick took
   seconds. The server sends what it would send to Dash; `set_props` brings it here. Pictures are drawn anew only when they changed. */
(() => {
  "use strict";
  const AWAY_FROM_SCREENS = /^\/(data|dictionary|numbers?|overview)(\/|$)/; // pages without a picture of their own

  /* ── pictures ── */

  let loading = null; // of the one script that draws; its address is told by the page
  function plotly() {
    loading = loading || new Promise((done, failed) => {
      if (window.Plotly) { done(window.Plotly); return; }
      const script = document.createElement("script");
      script.src = document.querySelector('meta[name="plotly"]').content;
      script.onload = () => done(window.Plotly);
      script.onerror = () => { loading = null; failed(new Error("the script that draws could not be loaded")); };
      document.head.append(script);
    });
    return loading;
  }

  const sized = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      const { width, height } = target._fullLayout || {};
      const isSame = width === target.clientWidth && height === target.clientHeight;
      if (width && !isSame && target.clientWidth && target.clientHeight) window.Plotly.Plots.resize(target);
    }
  });

  async function draw(place, { figure, config }) {
    const { react } = await plotly();
    if (!place.isConnected) return;
    const isNew = !place._fullLayout, layout = { ...figure.layout, autosize: true };
    await react(place, figure.data, layout, { ...config, responsive: false });
    if (!isNew) return;
    sized.observe(place);
    place.on("plotly_click", ({ points: [point] }) => { // which trace it was, as its `meta` says
      if (point) place.dispatchEvent(new CustomEvent("cockpit-pick", { bubbles: true, detail: place.data[point.curveNumber].meta }));
    });
  }

  function clear(place) {
    sized.unobserve(place);
    if (place.removeAllListeners) place.removeAllListeners();
    if (window.Plotly && place._fullLayout) window.Plotly.purge(place);
  }

  function Picture({ id, className, said, figure, config }) {
    const { createElement, useEffect, useRef } = window.React, place = useRef(null);
    useEffect(() => { draw(place.current, { figure, config }).catch((error) => console.warn("cockpit:", error.message)); }, [said]);
    useEffect(() => { const drawn = place.current; return () => clear(drawn); }, []);
    const inner = createElement("div", { ref: place, style: { width: "100%", height: "100%" } });
    return createElement("div", { id, className: `dash-graph ${className || ""}`, style: { height: "100%" } }, inner);
  }

  /* ── ways, without loading a page ── */

  function follow(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(event.currentTarget.getAttribute("href"));
  }

  function go(address) {
    history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    scrollTo(0, 0);
  }

  /* ── elements ── */

  const DRAWN = {
    Graph: ({ figure, config, id, className }, key) => window.React.createElement(Picture, { key, id, className, figure, config, said: JSON.stringify(figure) }),
    Link: ({ children, ...told }, key) => window.React.createElement("a", { ...told, key, onClick: follow }, inside(children)),
    Input: ({ value, ...told }, key) => window.React.createElement("input", { ...told, key, defaultValue: value }),
  };

  function element(node, key) {
    if (node === null || node === undefined || typeof node !== "object") return node;
    if (Array.isArray(node)) return node.map(element);
    const { type, namespace, props } = node;
    if (namespace === "dash_core_components") return DRAWN[type](props, key);
    const { children, ...told } = props, isWay = type === "A" && told.href && told.href.startsWith("/");
    return window.React.createElement(type.toLowerCase(), { key, ...told, ...(isWay ? { onClick: follow } : {}) }, inside(children));
  }

  const inside = (children) => (Array.isArray(children) ? children.map(element) : element(children, undefined));

  function Panel({ id, className, content }) {
    return window.React.createElement("div", { id, className }, inside(content));
  }

  window.cockpit = { Panel, go };
  if (!AWAY_FROM_SCREENS.test(location.pathname)) plotly();
})();
