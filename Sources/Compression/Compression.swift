//  Compression: zlib, brotli and zstd behind one small face.
//
//      pieces of content ─► Compressor ─► pieces of the coded content, whole after `finish`
//
//  `Compressor` chooses one of `DeflateCompressor` (gzip, deflate), `BrotliCompressor` and `ZstdCompressor`; each owns its
//  library's state and gives it back when it ends. The libraries are linked into the program (`Package.swift`).
