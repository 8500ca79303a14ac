//  Administration: what an administrator does to an instance, whoever asks for it.
//
//  `ProblemList` tells what is wrong with a configuration; `NewInstance` writes an instance of one's own.
