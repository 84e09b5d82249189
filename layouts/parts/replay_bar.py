"""The replay bar: its words, which assets/replay.js builds it of, and what is shown in place of a moment that cannot be."""

import json

from dash import html

from cockpit.text import LANGUAGES, Language, Text
from layouts import words

WORDS = {
    "replay": words.REPLAY,
    "live": Text("实时", "Live"),
    "loading": Text("正在载入 {} …", "Loading {} …"),
    "silent": Text("服务器没有应答，仍在重试", "the server does not answer; trying again"),
    "slow": Text("仍未载入 {}，可换一个时刻，或回到实时", "{} is still not loaded; choose another moment, or go back to live"),
    "back": Text("回到实时", "Back to live"),
    "play": Text("播放", "Play"),
    "pause": Text("暂停", "Pause"),
    "speed": Text("每秒", "per second"),
    "minute": Text("分", "min"),
    "hour": Text("时", "h"),
    "day": Text("日", "d"),
    "moment": Text("回放时刻", "Moment to replay"),
    "of_day": Text("一日之内的时刻，刻度为有新数据的分钟", "Minute of the day; marks are minutes with news"),
    "keys": Text("方向键 · 空格 · Esc", "Arrows · Space · Esc"),
}


def replay_words() -> html.Div:
    """Return the words of the bar in both languages, where the browser's half finds them."""
    told = {language: {key: text(language) for key, text in WORDS.items()} for language in LANGUAGES}
    weekdays = {language: [day(language) for day in words.WEEKDAYS] for language in LANGUAGES}
    both = {language: {**told[language], "weekdays": weekdays[language]} for language in LANGUAGES}
    return html.Div(id="replay-words", hidden=True, **{"data-words": json.dumps(both, ensure_ascii=False)})


def no_moment(said: Text, at: str, language: Language) -> html.Div:
    """Return one sentence in place of a moment that cannot be shown; the bar stays, and leads on from there."""
    sentence = html.P(said(language), className="no-moment-said", role="alert")
    return html.Div(
        [html.H1(words.REPLAY(language)), sentence],
        className="no-moment",
        lang="zh-CN" if language == "zh" else "en",
        **{"data-replayed": at, "data-language": language},
    )
