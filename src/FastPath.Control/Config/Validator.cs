using System;
using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary>
/// Checks a document as a whole and turns it into a <see cref="DataplaneConfig"/>, or into every error in it at once. The
/// data plane never sees what did not pass here.
/// </summary>
public static class Validator
{
    /// <exception cref="InvalidConfigException">Every error.</exception>
    public static DataplaneConfig Check(ConfigDocument document)
    {
        IReadOnlyList<FieldError> errors = Check(document, out DataplaneConfig config);
        return errors.Count == 0 ? config : throw new InvalidConfigException(errors);
    }

    /// <summary>Every error; <paramref name="config"/> may be used only when there is none.</summary>
    public static IReadOnlyList<FieldError> Check(ConfigDocument document, out DataplaneConfig config)
    {
        ConfigErrors errors = new();
        config = new DataplaneConfig { System = SystemRules.Check(document.System, errors) };
        config = config with
        {
            Bridges = Each(document.Bridges, "bridges", errors, BridgeRules.Check),
            Uplinks = Each(document.Uplinks, "uplinks", errors, UplinkRules.Check),
            Vteps = Each(document.Vteps, "vteps", errors, VtepRules.Check),
            Ports = Each(document.Ports, "ports", errors, PortRules.Check),
            Punt = PuntRules.Check(document.Punt, errors),
        };

        NameRules.Check(document, errors);
        DeviceRules.Check(document, errors);
        PortRules.CheckReferences(config, errors);
        BridgeRules.CheckReferences(config, errors);
        Interfaces interfaces = Interfaces.Of(config);
        AddressRules.Check(interfaces, errors);
        VtepRules.CheckReferences(config, interfaces, errors);
        LimitRules.Check(config, errors);
        config = config with
        {
            Fdb = FdbRules.Check(document.Fdb, config, errors),
            Routes = RouteRules.Check(document.Routes, interfaces, errors),
            Neighbors = NeighborRules.Check(document.Neighbors, interfaces, errors),
        };
        return errors.List;
    }

    private delegate TSettings Rule<TConfig, TSettings>(string name, TConfig config, Field at);

    private static Dictionary<string, TSettings> Each<TConfig, TSettings>(
        IReadOnlyDictionary<string, TConfig> objects, string kind, ConfigErrors errors, Rule<TConfig, TSettings> rule)
    {
        Dictionary<string, TSettings> settings = new(StringComparer.Ordinal);
        foreach ((string name, TConfig config) in objects)
            settings[name] = rule(name, config, errors.At(kind).Item(name));
        return settings;
    }
}
