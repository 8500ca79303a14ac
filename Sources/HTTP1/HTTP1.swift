//  HTTP1: reading requests, and writing and reading responses, of HTTP/1.0 and 1.1, as pure functions of bytes.
//
//  `RequestParser` finds the end of a head in what has arrived and reads it into a `ParsedRequest` of ranges; the body
//  is then taken by a `RequestBody`: `Content-Length` bytes, or what a `ChunkedDecoder` finds. `PathCooker` makes the
//  request's path what sites and files are looked up with. `ResponseWriter` writes status lines, fields and chunks;
//  `HTTPDate` the date. Backends' answers are read by a `ResponseParser` into a `ParsedResponse`.
//
//  The parser of requests is strict: whatever two readers could understand differently (line ends, white space, lengths that
//  contradict, folded lines, names with odd bytes) is a `RequestError`, to be answered and followed by a close.
//  No byte is copied, nothing is a `String`, nothing is unsafe.
