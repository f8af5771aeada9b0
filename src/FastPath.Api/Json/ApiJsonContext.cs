using System.Text.Json.Serialization;

namespace FastPath.Api;

/// <summary>
/// How every record of the API is read and written, generated at build time: no reflection at run time, so that the
/// command line client can be compiled ahead of time and a request costs the daemon nothing to look up.
/// Use it through <see cref="ApiJson"/>, which has the rules for servers and for clients.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(ChangeResult))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Items<PortView>))]
[JsonSerializable(typeof(Items<BridgeView>))]
[JsonSerializable(typeof(Items<VtepView>))]
[JsonSerializable(typeof(Items<FdbView>))]
[JsonSerializable(typeof(Items<RouteView>))]
[JsonSerializable(typeof(Items<NeighborView>))]
[JsonSerializable(typeof(Items<DropView>))]
[JsonSerializable(typeof(Items<WorkerView>))]
[JsonSerializable(typeof(Items<CounterView>))]
[JsonSerializable(typeof(Items<EventView>))]
[JsonSerializable(typeof(FlushResult))]
[JsonSerializable(typeof(ReadyView))]
[JsonSerializable(typeof(PuntView))]
[JsonSerializable(typeof(SystemView))]
[JsonSerializable(typeof(GraphView))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
