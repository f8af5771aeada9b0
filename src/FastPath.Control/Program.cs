using System.CommandLine;
using System.IO;
using System.Net;
using FastPath.Api;
using FastPath.Control;
using FastPath.Control.Config;
using FastPath.Control.Daemon;

Option<string?> config = new("--config") { Description = "Configuration file, YAML or JSON." };
Option<string> socket = new("--socket") { Description = "Unix socket of the API.", DefaultValueFactory = _ => new DaemonOptions().Socket };
Option<IPEndPoint?> listen = new("--listen")
{
    Description = "Loopback address and port of the API besides the socket, such as 127.0.0.1:8080.",
    CustomParser = LoopbackOption.Read,
};
Option<string> pins = new("--bpffs")
{
    Description = "Directory in a BPF file system where programs stay attached while fastpathd does not run; empty for none.",
    DefaultValueFactory = _ => new DaemonOptions().PinDirectory,
};
Option<string> name = new("--name") { Description = "Prefix of the devices that fastpathd makes.", DefaultValueFactory = _ => new DaemonOptions().Name };
Option<bool> check = new("--check") { Description = "Only validate the configuration." };
RootCommand root = new("fastpathd: forwards packets between containers and networks over AF_XDP.") { config, socket, listen, pins, name, check };
root.SetAction(async parsed =>
{
    DaemonOptions options = new()
    {
        ConfigFile = parsed.GetValue(config),
        Socket = parsed.GetValue(socket)!,
        Loopback = parsed.GetValue(listen),
        PinDirectory = parsed.GetValue(pins)!,
        Name = parsed.GetValue(name)!,
    };
    return parsed.GetValue(check) ? Check(options.ConfigFile) : await SwitchDaemon.Run(options);
});
return await root.Parse(args).InvokeAsync();

static int Check(string? file)
{
    if (file == null)
    {
        Log.Say("fastpathd: --check needs --config");
        return ExitCode.BadConfig;
    }

    try
    {
        ConfigDocument document = ConfigReader.ReadValid(File.ReadAllText(file));
        Log.Say($"{file}: good ({document.Ports.Count} ports, {document.Bridges.Count} bridges, {document.Routes.Count} routes)");
        return ExitCode.Good;
    }
    catch (InvalidConfigException e)
    {
        return SwitchDaemon.Refuse(file, e);
    }
}
