using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vprox.NodeAgent.Https;

/// <summary>How answers are written: names as they are, and base64's plus sign as it is.</summary>
internal static class AnswerJson
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
