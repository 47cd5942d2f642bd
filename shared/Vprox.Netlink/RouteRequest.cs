using System.Globalization;

namespace Vprox.Netlink;

/// <summary>A change of links, addresses, routes, rules, neighbours or traffic control, for <see cref="RouteNetlink.Execute"/>. Printed, it is the equivalent ip or tc command.</summary>
public abstract record RouteRequest
{
    internal abstract ushort MessageType { get; }

    internal abstract ushort Flags { get; }

    /// <summary>The equivalent ip command; links known by index only stand as if&lt;index&gt;.</summary>
    public abstract string Command { get; }

    /// <summary>The equivalent ip command.</summary>
    public sealed override string ToString() => Command;

    internal abstract void Write(NetlinkWriter writer);

    internal NetlinkRequest ToMessage() => new(Command, MessageType, Flags, Write);

    /// <summary>Joins what is not empty with single spaces.</summary>
    internal static string Words(params ReadOnlySpan<string?> parts) =>
        string.Join(' ', parts.ToArray().Where(part => !string.IsNullOrEmpty(part)));

    internal static string? Word<T>(string name, T? value) => value is null ? null : string.Create(CultureInfo.InvariantCulture, $"{name} {value}");

    internal static string Device(int index) => string.Create(CultureInfo.InvariantCulture, $"dev if{index}");
}
