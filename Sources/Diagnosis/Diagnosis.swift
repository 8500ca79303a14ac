//  Diagnosis: what is wrong on this server, and what to type about it.
//
//      Gathering ─► Picture ─► Check.all ─► [Finding] ─► DiagnosisReport
//
//  A `Picture` is what was found out: plain facts, from wherever they come. `Gathering` finds them out, each part within a
//  time, and writes down what it could not look at. A `Check` is a pure function of a picture, so that each can be tried
//  with made-up facts. A `Finding` names its object and the exact commands that do something about it.
