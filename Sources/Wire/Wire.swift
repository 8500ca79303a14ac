//  Wire: what Hostelry's processes say to each other, as pure values.
//
//  Two protocols, both little-endian, both with a version range in their hello:
//
//  * The link (router and worker, one Unix stream socket carrying many requests at once): `Frame` is the eight-byte
//    header, `FrameKind` the table of kinds. Heads travel parsed: `RequestHead` (written by `RequestHeadWriter` from
//    what the router has parsed) and `ResponseHead` (its fields in a `HeaderBlock`). `LinkHello` opens a link, each
//    stream has credit in both directions (`window`), `ResetReason` says why a stream ended early.
//  * Control (master with router and worker): `ControlMessage`, framed by `ControlFrame`; some messages are
//    accompanied by descriptors (`descriptorCount`). `RouteTable` is everything the router knows about configuration.
//
//  Decoders never trust the peer: every length is checked against what is there, and what does not fit is a
//  `WireError`. Nothing here reads or writes a socket.
