//  XML: libxml2 behind one small face.
//
//      bytes ─► TextEncoding.decode ─► UTF-8 ─► XMLParser.parse ─► XMLTree (flat tables, byte offsets, lines)
//
//  libxml2 says what is well formed and what names and values mean; offsets are found in the tag's own bytes.
