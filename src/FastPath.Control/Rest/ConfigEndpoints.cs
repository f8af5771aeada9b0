using System.Collections.Generic;
using System.Text;
using System.Threading.Tasks;
using CommunityToolkit.HighPerformance.Buffers;
using FastPath.Api;
using FastPath.Control.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>/api/v1/config: the whole configuration, as JSON or as YAML.</summary>
internal sealed class ConfigEndpoints(IController controller, Changes changes)
{
    public const string Yaml = "application/yaml";

    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/config", Get).Describe("getConfig", "The configuration in force, as JSON or YAML by Accept.")
            .Answers<ConfigDocument>().Fails(406).Queries();
        api.MapPut("/config", Put).Describe("putConfig", "Replaces the configuration: all of it or nothing.")
            .Takes<ConfigDocument>(JsonAnswer.MediaType, Yaml)
            .Answers<ChangeResult>().FailsAsChange().Queries(QueryNames.DryRun);
    }

    private Task Get(HttpContext http)
    {
        ConfigRevision current = controller.Current;
        string tag = Preconditions.Tag(current.Revision);
        http.Response.Headers.ETag = tag;
        http.Response.Headers.Vary = "Accept";
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return Accepts.Choose(http.Request, JsonAnswer.MediaType, Yaml) switch
        {
            JsonAnswer.MediaType => JsonAnswer.Write(http, StatusCodes.Status200OK, current.Config),
            Yaml => TextAnswer.Write(http, ConfigWriter.ToYaml(current.Config), Yaml),
            _ => Problems.Write(http, ProblemKind.NotAcceptable, $"accept {JsonAnswer.MediaType} or {Yaml}"),
        };
    }

    private async Task Put(HttpContext http)
    {
        if (await ReadBody(http) is { } request)
            await changes.Run(http, request);
    }

    // The change that the body asks for; null when the client has got an error instead.
    private static async Task<ChangeRequest?> ReadBody(HttpContext http)
    {
        using ArrayPoolBufferWriter<byte> body = await RequestBody.Read(http, RequestBody.ConfigBytesMax);
        IReadOnlyList<FieldError> errors;
        try
        {
            ConfigDocument next = ConfigReader.Read(s_strictUtf8.GetString(body.WrittenSpan), out var located);
            return new ChangeRequest("configuration", IsRemoval: false, _ => true, _ => next, located);
        }
        catch (DecoderFallbackException e)
        {
            errors = [new FieldError("", $"byte {e.Index + 1} is not UTF-8")];
        }
        catch (InvalidConfigException e)
        {
            errors = e.Errors;
        }

        await Problems.WriteMistakes(http, errors);
        return null;
    }
}
