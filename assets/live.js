/* The browser's side of the live update: the stream rings, the panels are fetched, their props are set.
   It retries for ever, says on screen when it hears nothing, and reloads when the server's version changed. */
(() => {
  "use strict";
  const SILENT_AFTER_MS = 30000, RETRY_MS = 2000, FAILURES_BEFORE_POLLING = 2;
  const scalesItself = CSS.supports("width: calc(1px * tan(45deg))");
  const now = () => performance.now();
  let heardAt = now(), ageAtHearing = null, version = null, wanted = null, shown = null, isFetching = false, failures = 0, stream = null;
  const etags = {};

  const screen = () => document.getElementById("screen");
  const isChinese = () => (screen() || document.documentElement).getAttribute("data-language") !== "en";

  function span(seconds) {
    const s = Math.max(0, Math.round(seconds));
    const [count, zh, en] = s < 90 ? [s, "秒", "s"] : s < 5400 ? [Math.round(s / 60), "分钟", "min"] : [Math.round(s / 3600), "小时", "h"];
    return isChinese() ? `${count} ${zh}` : `${count} ${en}`;
  }

  function showAge() {
    const silence = now() - heardAt, lost = silence > SILENT_AFTER_MS;
    document.body.classList.toggle("is-lost", lost);
    const age = document.getElementById("age"), lostAge = document.getElementById("lost-age");
    const seconds = ageAtHearing === null ? null : ageAtHearing + silence / 1000;
    if (age) age.textContent = seconds === null ? "" : isChinese() ? `${span(seconds)}前更新` : `updated ${span(seconds)} ago`;
    if (lostAge && lost) lostAge.textContent = isChinese() ? `已 ${span(silence / 1000)}` : `for ${span(silence / 1000)}`;
  }

  function hear(message) {
    heardAt = now();
    failures = 0;
    if (version !== null && message.version !== version) { location.reload(); return; }
    version = message.version;
    ageAtHearing = message.age_s;
    wanted = message;
    showAge();
    bring();
  }

  async function bring() {
    const page = screen();
    if (!page || !window.dash_clientside || !window.dash_clientside.set_props || isFetching || !wanted) return;
    if (shown === null) shown = page.getAttribute("data-edition");
    if (wanted.edition === shown) return;
    isFetching = true;
    const target = wanted;
    try {
      const name = page.getAttribute("data-screen"), language = page.getAttribute("data-language");
      const address = `/panels/${name}?tick=${target.tick}&edition=${encodeURIComponent(target.edition)}&since=${encodeURIComponent(shown)}&lang=${language}`;
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`panels: ${answer.status}`);
      const brought = await answer.json();
      for (const [id, panel] of Object.entries(brought.panels)) {
        if (etags[id] !== panel.etag) window.dash_clientside.set_props(id, { children: panel.children });
        etags[id] = panel.etag;
      }
      shown = brought.edition;
      page.setAttribute("data-edition", shown);
      document.body.setAttribute("data-tick", brought.tick);
    } catch (error) {
      console.warn("cockpit: panels could not be fetched,", error.message);
    } finally {
      isFetching = false;
      setTimeout(showAge, 50);
    }
  }

  const jitter = (ms) => ms * (0.5 + Math.random());

  function listen() {
    stream = new EventSource("/live");
    stream.onmessage = (event) => hear(JSON.parse(event.data));
    stream.onerror = () => {
      stream.close();
      failures += 1;
      setTimeout(failures > FAILURES_BEFORE_POLLING ? poll : listen, jitter(RETRY_MS));
    };
  }

  async function poll() {
    try {
      const answer = await fetch(`/live?after=${wanted ? wanted.tick : 0}`, { cache: "no-store" });
      hear(await answer.json());
      listen();
    } catch {
      failures += 1;
      setTimeout(poll, jitter(RETRY_MS));
    }
  }

  function scale() {
    const ratio = innerWidth / innerHeight, width = ratio >= 3 ? 3840 : ratio >= 21 / 9 ? 2560 : 1920;
    document.documentElement.style.setProperty("--s", Math.min(innerWidth / width, innerHeight / 1080));
  }

  if (!scalesItself) { scale(); addEventListener("resize", scale); }
  setInterval(() => { showAge(); bring(); }, 1000);
  listen();
})();
