//  Administration: what an administrator does to an instance, whoever asks for it.
//
//  `Users` says who a pool runs as: `UserRecord` is the text `STATE/pool-users`, `PoolUsers` the file, `PoolAccount` the
//  answer, `PoolHome` its folder; `AccessGrant` lets it read and write. The master asks them too.
//  `ProblemList` tells what is wrong with a configuration; `NewInstance` writes an instance of one's own.
//
//  `Control` is the conversation with a running master, over the Unix socket `STATE/control.sock`: only the server's user
//  and root may connect. A `ControlRequest` is a line of JSON that names the protocol's version and an operation, a
//  `ControlAnswer` the line that comes back; events follow theirs, a line each. `ControlClient` is the side of whoever
//  asks and waits; the master's side lies in its own room.
//
//      {"version":1,"operation":"stop-pool","pool":"Main"}
//      {"version":1,"ok":true}
//
//  `ServerStatus` is the answer to `status`, `StatusText` its form for people.
//
//  `Monitoring` is what a running server counts: `ServerMetrics` is the answer to `metrics`, `TrafficRates` what happened
//  between two of them. `TopScreen` is `hostelry top` without its terminal: samples, keys and a size lead to lines, and
//  nothing else. `OpenMetricsText` tells Prometheus.
//
//  `EventHistory` keeps events under `STATE/events`, numbered, in files of bounded size and number; `EventCursor` reads
//  them, also without a master and while one writes.

/// What is asked and answered here is JSON.
@_exported public import JSON
