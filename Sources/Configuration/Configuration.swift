//  Configuration: what the administrator meant, at any path.
//
//      schema files ──► Schema            every section: attributes, types, defaults, validators, collections
//      bytes ─► XML ──► Document          one file as written: elements with lines and byte spans, nothing merged
//      Document ──────► ConfigurationFile its declarations, its section occurrences by location, its locks
//      files × path ──► ConfigurationSystem.configuration(at:) ─► PathConfiguration ─► Element
//
//  The engine knows no section by name. An effective section is not a copy of values: it is the list of the written
//  elements that take part, outermost first, checked once when it is put together (locks, duplicates, validators);
//  a value is the last writer's, read when it is asked for, and each value knows the file and line it came from.
//  A directory that adds nothing to a section shares its parent's, so ten thousand sites cost what they say.
//
//  `Outline` says where a server file's sites, pools and locations stand, and what of them another text changes.
//
//  `WebConfigObserver` hears of each web.config that a system reads (`WebConfigReading`).
//
//  Errors are `ConfigurationError`: IIS's text, its HRESULT, file and line.
