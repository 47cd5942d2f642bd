using System.Text.Json.Serialization;

namespace Vprox.Lab.Cloud.Faults;

/// <summary>Which call is to be held.</summary>
/// <param name="Action">An EC2 action, or "*" for all.</param>
/// <param name="Nth">The how-manieth call of it from now on, 1 for the next.</param>
/// <param name="Point">Where it stops.</param>
public sealed record HoldRequest(string Action, int Nth, HoldPoint Point);

/// <summary>Where a call can be held.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HoldPoint>))]
public enum HoldPoint
{
    /// <summary>It has arrived and is not done.</summary>
    Arrival,

    /// <summary>It is done, and nobody has been told.</summary>
    Answer,
}
