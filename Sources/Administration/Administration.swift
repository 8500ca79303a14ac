//  Administration: what an administrator does to an instance, whoever asks for it.
//
//  `Users` says who a pool runs as: `UserRecord` is the text `STATE/pool-users`, `PoolUsers` the file, `PoolAccount` the
//  answer, `PoolHome` its folder; `AccessGrant` lets it read and write. The master asks them too.
//  `ProblemList` tells what is wrong with a configuration; `NewInstance` writes an instance of one's own.
