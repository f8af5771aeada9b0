using FastPath.Cli;

using Terminal terminal = Terminal.OfProcess();
return await FastPathCommand.Run(args, terminal);
