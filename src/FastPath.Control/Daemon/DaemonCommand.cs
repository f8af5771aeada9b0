using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Control.Config;

namespace FastPath.Control.Daemon;

/// <summary>The command line of fastpathd.</summary>
internal static partial class DaemonCommand
{
    public static RootCommand Create()
    {
        Option<string?> config = new("--config") { Description = "Configuration file, YAML or JSON." };
        Option<string> socket = new("--socket")
        {
            Description = "Unix socket of the API.",
            DefaultValueFactory = _ => new DaemonOptions().Socket,
        };
        Option<IPEndPoint?> listen = new("--listen")
        {
            Description = "Loopback address and port of the API besides the socket, such as 127.0.0.1:8080.",
            CustomParser = LoopbackOption.Read,
        };
        Option<string?> pins = new("--bpffs")
        {
            Description = "Directory in a BPF file system where programs stay attached while fastpathd does not run; found or "
                + "mounted when not given, empty for none.",
        };
        Option<string> name = new("--name")
        {
            Description = "Prefix of the devices that fastpathd makes.",
            DefaultValueFactory = _ => new DaemonOptions().Name,
        };
        name.Validators.Add(CheckName);
        Option<string?> pcap = new("--pcap") { Description = "Run over capture files NAME.pcap of this directory, without devices and root." };
        Option<string?> pcapOut = new("--pcap-out") { Description = "Directory for what ports send in such a run." };
        Option<bool> check = new("--check") { Description = "Only validate the configuration." };
        Option<bool> schema = new("--schema") { Description = "Print the JSON schema of configuration files." };
        RootCommand root = new("fastpathd: forwards packets between containers and networks over AF_XDP.")
        {
            config, socket, listen, pins, name, pcap, pcapOut, check, schema,
        };
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(schema))
                return Print(ConfigSchema.Create());
            DaemonOptions options = new()
            {
                ConfigFile = parsed.GetValue(config),
                Socket = parsed.GetValue(socket)!,
                Loopback = parsed.GetValue(listen),
                PinDirectory = parsed.GetValue(pins),
                Name = parsed.GetValue(name)!,
                PcapInput = parsed.GetValue(pcap),
                PcapOutput = parsed.GetValue(pcapOut),
            };
            return parsed.GetValue(check) ? Task.FromResult(Check(options.ConfigFile)) : SwitchDaemon.Run(options);
        });
        return root;
    }

    /// <summary>The longest device is the name with "anchor1" behind it, and a device's name has 15 bytes.</summary>
    private static void CheckName(OptionResult result)
    {
        if (result.Tokens.Count == 1 && !GoodName().IsMatch(result.Tokens[0].Value))
            result.AddError($"--name {result.Tokens[0].Value}: write 1 to 8 letters, digits, '-' or '_'");
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex GoodName();

    private static Task<int> Print(string text)
    {
        Console.Out.Write(text);
        return Task.FromResult(ExitCode.Good);
    }

    private static int Check(string? file)
    {
        if (file == null)
        {
            Log.Say("fastpathd: --check needs --config");
            return ExitCode.Failed;
        }

        try
        {
            ConfigDocument document = ConfigReader.ReadValid(ConfigFile.Read(file));
            Log.Say($"{file}: good ({document.Ports.Count} ports, {document.Bridges.Count} bridges, {document.Routes.Count} routes)");
            return ExitCode.Good;
        }
        catch (InvalidConfigException e)
        {
            return SwitchDaemon.Refuse(file, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Say($"fastpathd: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
