using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Control.Plans;
using Microsoft.AspNetCore.Http;

namespace FastPath.Control.Rest;

/// <summary>
/// Where every change by REST goes through: one at a time, and those that wait hold no thread. While one makes devices,
/// the configuration, the graph and /healthz are answered; what shows the state of the switch, /readyz and /metrics among
/// it, waits for the switch's lock.
/// </summary>
internal sealed class Changes(IController controller) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Carries out a change and answers its client.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">What shall change and under which condition.</param>
    public async Task Run(HttpContext http, ChangeRequest request)
    {
        if (!Preconditions.TryRead(http.Request, controller.Current.Revision, out Preconditions only, out string error))
        {
            await Problems.Write(http, ProblemKind.Malformed, error);
            return;
        }

        await _turn.WaitAsync(http.RequestAborted);
        try
        {
            await Answer(http, request, only);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private Task Answer(HttpContext http, ChangeRequest request, Preconditions only)
    {
        bool existed = false;
        bool refused = false;
        ConfigDocument? next = null;
        bool isDryRun = QueryNames.IsDryRun(http.Request);
        try
        {
            ChangeResult result = controller.Change(config =>
            {
                existed = request.Exists(config);
                refused = existed ? only.MustNotExist : only.MustExist || (only.Revision != null && request.IsRemoval);
                return next = refused ? config : request.Next(config);
            }, isDryRun, only.Revision);
            http.Response.Headers.ETag = Preconditions.Tag(result.Revision);
            return refused ? WriteRefused(http, request, existed) : WriteDone(http, request, result, existed);
        }
        catch (RevisionConflictException e)
        {
            http.Response.Headers.ETag = Preconditions.Tag(e.Actual);
            return Problems.Write(http, ProblemKind.Changed, only.Mismatch(e.Actual));
        }
        catch (InvalidConfigException e) when (request.IsRemoval && next != null)
        {
            // What would leave others dangling when it goes is in use; everything else is wrong in itself.
            return Problems.Write(http, ProblemKind.InUse, Users(request.What, e.Errors, next), e.Errors);
        }
        catch (InvalidConfigException e)
        {
            return Problems.Write(http, ProblemKind.Invalid, e.Message, request.Located?.Invoke(e.Errors) ?? e.Errors);
        }
    }

    private static string Users(string what, IReadOnlyList<FieldError> errors, ConfigDocument without)
    {
        HashSet<string> names = [];
        foreach (FieldError error in errors)
            names.Add(ConfigObjects.PathAt(without, error.Path));
        return $"{what} is in use by {NameList.Of(names)}: change or delete what uses it first";
    }

    private static Task WriteRefused(HttpContext http, ChangeRequest request, bool existed) =>
        Problems.Write(http, request.IsRemoval && !existed ? ProblemKind.NotFound : ProblemKind.Changed,
            existed ? $"there is a {request.What} already" : $"there is no {request.What}");

    private static Task WriteDone(HttpContext http, ChangeRequest request, ChangeResult result, bool existed)
    {
        if (request.IsRemoval && !result.DryRun)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        bool created = !existed && !result.DryRun && !request.IsRemoval;
        if (created)
            http.Response.Headers.Location = http.Request.Path.ToUriComponent();
        return JsonAnswer.Write(http, created ? StatusCodes.Status201Created : StatusCodes.Status200OK, result);
    }
}

/// <summary>A change that a client asks for.</summary>
/// <param name="What">The object, for sentences: "port web1".</param>
/// <param name="IsRemoval">Whether it goes away.</param>
/// <param name="Exists">Whether a configuration has the object.</param>
/// <param name="Next">The configuration wanted, from the one in force.</param>
/// <param name="Located">Adds to errors the lines of the text that was sent; null when it has none.</param>
internal sealed record ChangeRequest(
    string What, bool IsRemoval, Func<ConfigDocument, bool> Exists, Func<ConfigDocument, ConfigDocument> Next,
    Func<IReadOnlyList<FieldError>, IReadOnlyList<FieldError>>? Located = null);
