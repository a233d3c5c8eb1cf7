//! Asking a layer's properties: once where all features share the answer, of each feature otherwise.

use styles::StyleLayer;
use styles::expression::{Color, Context, Expression, Value};

/// One property of a layer.
pub(super) struct Property<'a> {
    expression: &'a Expression,
    same: Option<Value>,
}

impl<'a> Property<'a> {
    /// A property; what all features share is asked right away.
    pub(super) fn new(expression: &'a Expression, ctx: &Context<'_>) -> Self {
        let same = expression.is_feature_constant().then(|| expression.evaluate_or_default(ctx));
        Self { expression, same }
    }

    /// Whether all features share the answer.
    pub(super) const fn is_same(&self) -> bool {
        self.same.is_some()
    }

    /// The answer for a feature.
    pub(super) fn value(&self, ctx: &Context<'_>) -> Value {
        self.same.clone().unwrap_or_else(|| self.expression.evaluate_or_default(ctx))
    }

    /// A number, or what stands in for one that is not finite.
    pub(super) fn number(&self, ctx: &Context<'_>, otherwise: f32) -> f32 {
        finite(&self.value(ctx)).unwrap_or(otherwise)
    }

    /// A colour; black for lack of one, as the specification has it.
    pub(super) fn color(&self, ctx: &Context<'_>) -> Color {
        self.value(ctx).as_color().unwrap_or(Color::new(0.0, 0.0, 0.0, 1.0))
    }
}

/// Colour and opacity of a feature, as far as features differ in them: what they share is white here, and comes each frame
/// with the layer's paint.
pub(super) struct Tint<'a> {
    color: Property<'a>,
    opacity: Property<'a>,
}

impl<'a> Tint<'a> {
    /// The two properties of a layer.
    pub(super) fn new(layer: &'a StyleLayer, color: &str, opacity: &str, ctx: &Context<'_>) -> Self {
        Self { color: Property::new(layer.paint(color), ctx), opacity: Property::new(layer.paint(opacity), ctx) }
    }

    /// Straight sRGB with alpha.
    pub(super) fn of(&self, ctx: &Context<'_>) -> [u8; 4] {
        let color = if self.color.is_same() { WHITE } else { self.color.color(ctx) };
        rgba(color, self.differing_opacity(ctx))
    }

    /// The same, with the colour even if features share it: for layers whose paint is white.
    pub(super) fn of_any(&self, ctx: &Context<'_>) -> [u8; 4] {
        rgba(self.color.color(ctx), self.differing_opacity(ctx))
    }

    /// The opacity of a feature; 1 where features share it.
    pub(super) fn differing_opacity(&self, ctx: &Context<'_>) -> f32 {
        if self.opacity.is_same() { 1.0 } else { self.opacity.number(ctx, 1.0).clamp(0.0, 1.0) }
    }
}

/// Leaves what it is multiplied with as it is.
pub(super) const WHITE: Color = Color::new(1.0, 1.0, 1.0, 1.0);

/// A colour made more transparent, as bytes.
pub(super) fn rgba(color: Color, opacity: f32) -> [u8; 4] {
    Color { a: color.a * f64::from(opacity), ..color }.to_rgba8()
}

/// A number that can be drawn with.
pub(super) fn finite(value: &Value) -> Option<f32> {
    value.as_number().map(|n| n as f32).filter(|n| n.is_finite())
}
