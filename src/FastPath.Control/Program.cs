using FastPath.Control.Daemon;

return await DaemonCommand.Create().Parse(args).InvokeAsync();
