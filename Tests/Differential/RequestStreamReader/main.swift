//  Reads byte streams as the router reads a client's, for a comparison with parsers that others wrote.
//
//      RequestStreamReader FILE [PORTION]
//
//  FILE is streams, each behind its length (32 bits, little-endian); standard output is one line of JSON for each, bytes
//  as characters of the same number. PORTION is how many bytes arrive at a time, all of them without it.

import Glibc
import HTTP1Testing
import Platform

guard CommandLine.arguments.count >= 2 else {
    print("usage: RequestStreamReader FILE [PORTION]")
    exit(2)
}
let portion = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? .max
var rest = try FileReader().read(CommandLine.arguments[1]).bytes[...]
while !rest.isEmpty {
    let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let stream = RequestStream(Array(rest.dropFirst(4).prefix(length)), portion: portion)
    rest = rest.dropFirst(4 + length)
    print(JSONText(stream).text)
}
