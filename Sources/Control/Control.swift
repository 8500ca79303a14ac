//  Control: the conversation between the master and its roles, over a Unix stream socket on a loop.
//
//  A `ControlChannel` sends and receives `ControlMessage`s with the descriptors that come with them, and has the two
//  sides greet each other with their versions. Master, router and worker each own channels; what the messages mean is
//  theirs to say (`ControlHandler`).
//
//  A role whose master is gone waits for the next one at its `Rendezvous`.
