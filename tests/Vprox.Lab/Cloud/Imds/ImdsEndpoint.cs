using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Imds;

/// <summary>IMDSv2 (EC2 user guide, use IMDS): a token by PUT, then GETs that carry it. It shows what has taken effect, not what was asked for.</summary>
public sealed class ImdsEndpoint(CloudRegion region, IReadOnlyDictionary<int, string> instanceByPort, TimeProvider time)
{
    private const string Root = "/latest/meta-data";
    private readonly MetadataTokens _tokens = new();

    public async Task HandleAsync(HttpContext context)
    {
        var (status, text) = Answer(context);
        if (Caller(context, region.Effective) is { } caller && region.Settings.MetadataFaultOf(caller.Id) is var fault)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), time, context.RequestAborted);
            (status, text) = fault.Status is { } wrong ? (wrong, "") : (status, text);
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private (int Status, string Text) Answer(HttpContext context)
    {
        var state = region.Effective;
        if (Caller(context, state) is not { } instance || !region.Settings.Metadata)
            return (403, "");
        var request = context.Request;
        if (request.Path == "/latest/api/token")
            return request.Method == HttpMethods.Put ? Token(request, instance) : (405, "");
        if (request.Method != HttpMethods.Get)
            return (405, "");
        if (!_tokens.IsValid(request.Headers["X-aws-ec2-metadata-token"].ToString(), instance.Id, region.Now))
            return (401, "");
        return request.Path.StartsWithSegments(Root, out var rest)
            && MetadataTree.Read(state, instance, region.Name, rest.Value ?? "") is { } text ? (200, text) : (404, "");
    }

    private (int Status, string Text) Token(HttpRequest request, Instance instance)
    {
        // A proxy between the caller and IMDS adds this header; IMDSv2 then gives no token.
        if (request.Headers.ContainsKey("X-Forwarded-For"))
            return (403, "");
        var text = request.Headers["X-aws-ec2-metadata-token-ttl-seconds"].ToString();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ttl) && ttl is >= 1 and <= MetadataTokens.LongestTtlSeconds
            ? (200, _tokens.Issue(instance.Id, ttl, region.Now))
            : (400, "");
    }

    /// <summary>The instance that asks: by the listener's port where a test gave it one, else by its source address.</summary>
    private Instance? Caller(HttpContext context, Ec2State state)
    {
        if (instanceByPort.TryGetValue(context.Connection.LocalPort, out var id))
            return state.Instances.GetValueOrDefault(id);
        var source = context.Connection.RemoteIpAddress?.MapToIPv4();
        return source is null || IPAddress.Any.Equals(source) ? null : state.InstanceWithPrimary(source);
    }
}
