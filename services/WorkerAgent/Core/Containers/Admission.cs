using System.Text.RegularExpressions;
using Vprox.Addressing;
using Vprox.Contracts;

namespace Vprox.WorkerAgent.Core;

/// <summary>Checks a ContainerStarted before anything is done for it: it comes from another program, perhaps in another language.</summary>
public static partial class Admission
{
    /// <summary>Judges the event.</summary>
    /// <param name="started">What arrived.</param>
    /// <param name="workerId">This worker.</param>
    /// <param name="routeTo">How this host reaches an address.</param>
    /// <returns>
    /// A container to take in: one that waits for its path, or one that is refused and stays closed all the same. Or, when there is
    /// nothing that could be closed, only the refusal.
    /// </returns>
    public static (Container? Container, Refusal? Refusal) Judge(ContainerStarted started, string workerId, Func<System.Net.IPAddress, LocalPath> routeTo)
    {
        if (!IsName(started.ContainerId))
            return Invalid("containerId is 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        if (!string.IsNullOrEmpty(started.WorkerId) && started.WorkerId != workerId)
            return (null, new(ContainerRefusedCode.ForeignContainer, $"The event is for worker {Shown(started.WorkerId)}, this is {workerId}."));
        if (!IsName(started.ProxyId))
            return Invalid("proxyId is 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        if (started.WorkspaceId is not null && !IsName(started.WorkspaceId))
            return Invalid("workspaceId, when given, is 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        if (!Ipv4.TryParse(started.ContainerIp, out var ip))
            return Invalid($"containerIp {Shown(started.ContainerIp)} is not an IPv4 address");

        var path = routeTo(ip);
        var container = new Container
        {
            Id = started.ContainerId, Ip = ip, ProxyId = started.ProxyId, WorkspaceId = started.WorkspaceId, Link = path.Link, ReceivedAt = default,
        };
        return path switch
        {
            { IsOwnAddress: true } => (null, new(ContainerRefusedCode.ForeignContainer, $"{ip} is an address of the worker {workerId} itself.")),
            { Link: null } => (container.Refuse(new(ContainerRefusedCode.ForeignContainer,
                $"No bridge or veth of the worker {workerId} leads to {ip}; set the container's network up before its event.")), null),
            _ => (container, null),
        };

        static (Container?, Refusal?) Invalid(string reason) => (null, new(ContainerRefusedCode.InvalidRequest, reason));
    }

    /// <summary>True for ids as schedulers make them.</summary>
    public static bool IsName(string? text) => text is not null && Name().IsMatch(text);

    /// <summary>What was sent as an id, short enough to be sent back.</summary>
    public static string Shortened(string? text) => text is null ? "" : text.Length > 128 ? text[..128] : text;

    private static string Shown(string? text) => text is null ? "(none)" : $"\"{(text.Length > 64 ? text[..64] + "…" : text)}\"";

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z")]
    private static partial Regex Name();
}

/// <summary>How the host reaches an address.</summary>
/// <param name="Link">The bridge, veth or tun it is directly behind; null when there is none.</param>
/// <param name="IsOwnAddress">True for the host's own addresses.</param>
public sealed record LocalPath(string? Link, bool IsOwnAddress = false);
