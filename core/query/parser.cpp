// SPDX-License-Identifier: GPL-3.0-or-later
#include "parser.h"

#include "attributes.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::query {

namespace {

constexpr int kMaxDepth = 64;  // of parentheses and nots; a person needs three
constexpr std::size_t kMaxFoundLength = 40;

std::optional<Operator> operatorOf(std::string_view text) {
    if (text == "=" || text == "==") {
        return Operator::Equal;
    }
    if (text == "!=" || text == "<>") {
        return Operator::NotEqual;
    }
    return text == "<"    ? std::optional(Operator::Less)
           : text == "<=" ? std::optional(Operator::LessEqual)
           : text == ">"  ? std::optional(Operator::Greater)
           : text == ">=" ? std::optional(Operator::GreaterEqual)
                          : std::nullopt;
}

Node nodeOf(Comparison comparison) {
    Node node;
    node.comparison = std::move(comparison);
    return node;
}

/// Joins nodes that stand beside each other; a single one stays itself.
Node joined(Node::Kind kind, std::vector<Node> children) {
    if (children.size() == 1) {
        return std::move(children[0]);
    }
    return {kind, std::move(children), {}};
}

}  // namespace

Parser::Parser(std::string_view text)
    : m_text(text)
    , m_lexemes(lex(text)) {}

std::optional<Node> Parser::parseFilter() {
    auto node = parseAny();
    if (node && !atEnd()) {
        return fail(current(), tr("Here `and`, `or` or the end of the filter is expected, {}. Example: "
                                  "params.opt = 'adam' and metrics.loss < 0.1",
                                  found(current())));
    }
    return node;
}

std::optional<Node> Parser::parseAny() {
    std::vector<Node> children;
    do {
        auto child = parseAll();
        if (!child) {
            return std::nullopt;
        }
        children.push_back(std::move(*child));
    } while (takeKeyword("or"));
    return joined(Node::Kind::Or, std::move(children));
}

std::optional<Node> Parser::parseAll() {
    std::vector<Node> children;
    do {
        auto child = parseOne();
        if (!child) {
            return std::nullopt;
        }
        children.push_back(std::move(*child));
    } while (takeKeyword("and"));
    return joined(Node::Kind::And, std::move(children));
}

std::optional<Node> Parser::parseOne() {
    if (m_depth >= kMaxDepth) {
        return fail(current(), tr("The filter is nested more than {} deep here.", kMaxDepth));
    }
    ++m_depth;
    std::optional<Node> node;
    if (takeKeyword("not")) {
        if (auto child = parseOne()) {
            node = Node{Node::Kind::Not, {}, {}};
            node->children.push_back(std::move(*child));
        }
    } else if (current().kind == LexemeKind::Open) {
        node = parseGroup();
    } else {
        node = parseComparison();
    }
    --m_depth;
    return node;
}

std::optional<Node> Parser::parseGroup() {
    const Lexeme& open = take();
    auto node = parseAny();
    if (!node) {
        return std::nullopt;
    }
    const Lexeme& close = take();
    if (close.kind != LexemeKind::Close) {
        return fail(close,
                    tr("A `)` is expected for the `(` at position {}, {}.", open.position + 1, found(close)));
    }
    return node;
}

std::optional<Node> Parser::parseComparison() {
    auto field = parseField();
    if (!field) {
        return std::nullopt;
    }
    Comparison comparison{std::move(*field), Operator::Equal, {}};
    const bool negated = takeKeyword("not");
    const Lexeme& lexeme = current();
    if (takeKeyword("in")) {
        comparison.op = negated ? Operator::NotIn : Operator::In;
        return checkOperator(comparison, lexeme) ? parseList(std::move(comparison)) : std::nullopt;
    }
    if (takeKeyword("like")) {
        comparison.op = negated ? Operator::NotLike : Operator::Like;
    } else if (takeKeyword("ilike")) {
        comparison.op = negated ? Operator::NotILike : Operator::ILike;
    } else if (negated) {
        return fail(lexeme, tr("After `not` here `in`, `like` or `ilike` is expected, {}.", found(lexeme)));
    } else if (takeKeyword("is")) {
        return parseIs(std::move(comparison));
    } else if (const auto op = operatorOf(lexeme.text); op && lexeme.kind == LexemeKind::Operator) {
        take();
        comparison.op = *op;
    } else if (comparison.field.type() == FieldType::Boolean) {
        comparison.op = Operator::IsTrue;
        return nodeOf(std::move(comparison));
    } else {
        return fail(lexeme, tr("After `{}` a comparison such as =, <, like, in or is null is expected, {}.",
                               toValidUtf8(comparison.field.text()), found(lexeme)));
    }
    if (!checkOperator(comparison, lexeme)) {
        return std::nullopt;
    }
    auto operand = parseOperand(comparison, source(lexeme));
    if (!operand) {
        return std::nullopt;
    }
    comparison.operands.push_back(std::move(*operand));
    return nodeOf(std::move(comparison));
}

std::optional<Node> Parser::parseList(Comparison comparison) {
    const Lexeme* lexeme = &take();
    if (lexeme->kind != LexemeKind::Open) {
        return fail(*lexeme, tr("After `in` a list in parentheses is expected, {}. Example: {} in ('a', 'b')",
                                found(*lexeme), toValidUtf8(comparison.field.text())));
    }
    do {
        auto operand = parseOperand(comparison, source(*lexeme));
        if (!operand) {
            return std::nullopt;
        }
        comparison.operands.push_back(std::move(*operand));
        lexeme = &take();
    } while (lexeme->kind == LexemeKind::Comma);
    if (lexeme->kind != LexemeKind::Close) {
        return fail(*lexeme, tr("In the list a `,` or `)` is expected, {}.", found(*lexeme)));
    }
    return nodeOf(std::move(comparison));
}

std::optional<Node> Parser::parseIs(Comparison comparison) {
    const bool negated = takeKeyword("not");
    if (takeKeyword("null")) {
        comparison.op = negated ? Operator::IsNotNull : Operator::IsNull;
    } else if (current().isKeyword("nan")) {
        comparison.op = negated ? Operator::IsNotNan : Operator::IsNan;
        const Lexeme& nan = take();
        if (comparison.field.group() != Field::Group::Metric) {
            return fail(nan, tr("Only metrics can be NaN, not `{}`.", toValidUtf8(comparison.field.text())));
        }
    } else {
        return fail(current(), tr("After `is` one of null, not null, nan and not nan is expected, {}.",
                                  found(current())));
    }
    return nodeOf(std::move(comparison));
}

const Lexeme& Parser::take() {
    const Lexeme& lexeme = m_lexemes[m_at];
    if (lexeme.kind != LexemeKind::End) {
        ++m_at;
    }
    return lexeme;
}

bool Parser::takeKeyword(std::string_view keyword) {
    if (!current().isKeyword(keyword)) {
        return false;
    }
    take();
    return true;
}

std::string_view Parser::source(const Lexeme& lexeme) const {
    return m_text.substr(lexeme.position, lexeme.length);
}

std::string Parser::found(const Lexeme& lexeme) const {
    if (lexeme.kind == LexemeKind::End) {
        return tr("but the text ends");
    }
    if (lexeme.kind == LexemeKind::Unterminated) {
        return tr("but a quote is not closed");
    }
    std::string_view text = source(lexeme);
    if (text.size() > kMaxFoundLength) {
        text = text.substr(0, kMaxFoundLength);
        return tr("found `{}…`", toValidUtf8(text));
    }
    return tr("found `{}`", toValidUtf8(text));
}

std::nullopt_t Parser::fail(const Lexeme& at, std::string message) {
    m_error = {at.position, at.length, std::move(message)};
    return std::nullopt;
}

}  // namespace runglass::query
