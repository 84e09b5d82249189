"""What the web process measures of itself, in a registry of its own: nothing is shared with another application."""

import asyncio
import time
from collections import deque

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, Summary

LAG_EVERY_S = 0.5
LAG_OVER_S = 60
"""The lag that is told is the worst of the last minute: whoever asks twice a minute misses none."""


class Meter:
    """Counts and times of one application."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self.streams = Gauge("cockpit_open_streams", "Browsers that listen to /live", registry=self.registry)
        self.drawing = Summary("cockpit_panel_drawing_seconds", "Drawing one panel", ["panel"], registry=self.registry)
        lag = Gauge("cockpit_event_loop_lag_seconds", "Longest stall of the event loop in a minute", registry=self.registry)
        self.lags: deque[float] = deque([0.0], maxlen=int(LAG_OVER_S / LAG_EVERY_S))
        lag.set_function(lambda: max(tuple(self.lags)))
        ProcessCollector(registry=self.registry)

    async def feel_lag(self) -> None:
        """Measure, for ever, how much later than wished the event loop goes on."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(LAG_EVERY_S)
            self.lags.append(max(0.0, time.monotonic() - began - LAG_EVERY_S))
