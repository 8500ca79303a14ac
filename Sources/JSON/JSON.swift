//  JSON: texts as values and values as texts (RFC 8259). `JSONReader` is strict and bounded, for what it reads may come from
//  anybody; `JSONValue` is what it gives, and writes itself.
