//  Platform: what the operating system offers, with Swift's types.
//
//  Descriptors are owned by `FileDescriptor` (closed once, by its owner); a call that fails throws `SystemError`
//  with the call's name, what it was about and errno. Files of one noun each: descriptors, processes, sockets,
//  watching, executable images, documents on disk. Nothing here knows what Hostelry is.
